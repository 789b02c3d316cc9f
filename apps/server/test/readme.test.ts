import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testEngine } from '@casebook/db/testing'
import { freePort } from './run-server.ts'

// Every block of the README is run, by the shell, against a server with the sample data.
const root = join(import.meta.dirname, '../../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const documented = 'http://127.0.0.1:3000'

type Step = { readonly command: string; readonly output: string }

const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text = '']) => ({
  language,
  text,
}))
const steps = blocks.filter(({ language }) => language === 'console').flatMap(({ text }) => stepsOf(text))

function stepsOf(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n')
      return { command: part.slice(0, end), output: part.slice(end + 1) }
    })
}

let folder: string
let url: string
let server: ReturnType<typeof spawn>
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-readme-'))
  // As root, PostgreSQL runs as another account, and has to get through.
  chmodSync(folder, 0o711)
  // Somebody who works in the checkout, without leaving anything in it.
  for (const name of [
    'node_modules',
    'package.json',
    'scripts',
    'apps',
    'packages',
    'examples',
    'pnpm-lock.yaml',
  ])
    symlinkSync(join(root, name), join(folder, name))
  env = {
    ...process.env,
    DATA_DIR: join(folder, 'data'),
    CASEBOOK_ENGINE: testEngine,
    CASEBOOK_CONFIG_DIR: join(folder, 'config'),
  }
  let banner = ''
  // A port that is free now may be taken when the server comes to it.
  for (let attempt = 0; attempt < 3 && !banner.includes('Ctrl-C ends it.'); attempt += 1) {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    env['PORT'] = String(port)
    server = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    banner = await readBanner(server)
  }
  expect(banner).toContain(`listens on ${url}`)
  env['CASEBOOK_URL'] = url
}, 120_000)
afterAll(async () => {
  // The whole group, as Ctrl-C does.
  if (server.pid !== undefined) process.kill(-server.pid, 'SIGINT')
  await once(server, 'exit')
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

/** Reads what a server says until it listens, or has ended. */
async function readBanner({ stdout }: ReturnType<typeof spawn>): Promise<string> {
  let banner = ''
  for await (const data of stdout as AsyncIterable<Buffer>) {
    banner += data.toString()
    if (banner.includes('Ctrl-C ends it.')) break
  }
  return banner
}

/** Puts a word in the place of what differs from run to run. */
function settled(text: string): string {
  return text
    .replaceAll(url, documented)
    .replaceAll(/\b(book|author|user)_[0-9a-z]{26}/g, '$1_ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replaceAll(/"token":"[\w-]+"/g, '"token":"TOKEN"')
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'REQUEST')
    .trim()
}

test('there are blocks for each kind of user', () => {
  const commands = steps.map(({ command }) => command).join('\n')
  for (const word of ['curl', 'npx node examples/hello.ts', 'casebook -- books list'])
    expect(commands).toContain(word)
})

test('its program is the one that is run', () => {
  const [program] = blocks.filter(({ language }) => language === 'ts')
  expect(program?.text).toBe(readFileSync(join(root, 'examples/hello.ts'), 'utf8'))
})

test.each(steps)('$command', ({ command, output }) => {
  const ran = spawnSync('sh', ['-c', command.replaceAll(documented, url)], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  expect(settled(ran.stdout), ran.stderr).toBe(settled(output))
})
