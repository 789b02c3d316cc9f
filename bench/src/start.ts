// Time from the start of the process to the first answer: `npm run start -- [runs]` in bench/. Medians of second
// starts, with the embedded PostgreSQL, and where DATABASE_URL is set with that one too.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const runs = Number(process.argv[2] ?? 10)
const main = join(import.meta.dirname, '../../apps/server/src/main.ts')
const port = 3901

const folder = mkdtempSync(join(tmpdir(), 'casebook-bench-'))
// As root, PostgreSQL runs as another account, and has to get through.
chmodSync(folder, 0o711)
const { DATABASE_URL: databaseUrl, ...given } = process.env
const env = { ...given, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'error' }
try {
  const rows = [
    { start: 'node -e 0', ms: await median(bareNode) },
    { start: 'embedded PostgreSQL', ms: await median(() => firstAnswer(env)) },
    ...(databaseUrl === undefined
      ? []
      : [
          {
            start: 'DATABASE_URL',
            ms: await median(() => firstAnswer({ ...env, DATABASE_URL: databaseUrl })),
          },
        ]),
  ]
  console.table(rows)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Runs once to warm up, and then gives the median in milliseconds. */
async function median(measure: () => Promise<number>): Promise<number> {
  await measure()
  const times: number[] = []
  for (let run = 0; run < runs; run += 1) times.push(await measure())
  return Math.round(times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0)
}

async function bareNode(): Promise<number> {
  const began = performance.now()
  await once(spawn(process.execPath, ['-e', '0']), 'exit')
  return performance.now() - began
}

async function firstAnswer(settings: NodeJS.ProcessEnv): Promise<number> {
  const began = performance.now()
  const server = spawn(process.execPath, [main], { env: settings, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const data of server.stdout as AsyncIterable<Buffer>)
    if (data.toString().includes('Ctrl-C ends it.')) break
  const response = await fetch(`http://127.0.0.1:${port}/api/books?limit=1`)
  if (response.status !== 200) throw new Error(`the first answer is ${response.status}`)
  await response.text()
  const took = performance.now() - began
  server.kill('SIGTERM')
  await once(server, 'exit')
  return took
}
