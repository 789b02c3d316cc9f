import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testEngine } from '../testing/index.ts'
import { embeddedUrl } from './embedded.ts'
import { openEngine } from './open-engine.ts'

const holder = join(import.meta.dirname, '../../test/hold-engine.ts')

let folder: string
let children: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-engine-'))
  children = []
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await expect.poll(() => isAlive(enginePid()), { timeout: 20_000 }).toBe(false)
  rmSync(folder, { recursive: true, force: true })
})

/** Starts a process that opens the engine, writes a row and says how many there are. */
async function hold(): Promise<{ child: ChildProcess; rows: string }> {
  const child = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })
  const [rows] = (await once(lines, 'line')) as [string]
  return { child, rows }
}

function enginePid(): number | null {
  const file = join(folder, 'postgres', 'postmaster.pid')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null
}

function isAlive(pid: number | null): boolean {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe.runIf(testEngine === 'postgres')('the embedded PostgreSQL', () => {
  test('keeps its data, and is gone when its process ended in order', async () => {
    const first = await hold()
    expect(first.rows).toBe('1 row')
    const engine = enginePid()
    first.child.kill('SIGTERM')
    await once(first.child, 'exit')
    expect(isAlive(engine)).toBe(false)
    expect((await hold()).rows).toBe('2 rows')
  })

  test('leaves no folder of its socket behind', async () => {
    const { child } = await hold()
    const sockets = new URL(embeddedUrl(folder)).searchParams.get('host') ?? ''
    expect(existsSync(sockets)).toBe(true)
    child.kill('SIGTERM')
    await once(child, 'exit')
    expect(existsSync(sockets)).toBe(false)
  })

  test('ends with a process that was killed, and starts again at once with all that was acknowledged', async () => {
    const first = await hold()
    const engine = enginePid()
    first.child.kill('SIGKILL')
    const again = await hold()
    expect(again.rows).toBe('2 rows')
    expect(isAlive(engine)).toBe(false)
  })

  test('begins anew where its data was taken away, though the socket of one that was killed is left', async () => {
    const first = await hold()
    const engine = enginePid() ?? 0
    first.child.kill('SIGSTOP')
    process.kill(engine, 'SIGKILL')
    first.child.kill('SIGKILL')
    await expect.poll(() => isAlive(engine), { timeout: 20_000 }).toBe(false)
    const sockets = new URL(embeddedUrl(folder)).searchParams.get('host') ?? ''
    expect(existsSync(join(sockets, '.s.PGSQL.5432'))).toBe(true)
    rmSync(join(folder, 'postgres'), { recursive: true })
    rmSync(join(folder, 'casebook.pid'))
    expect((await hold()).rows).toBe('1 row')
  })

  test('refuses a second process while the first one lives', async () => {
    const { child } = await hold()
    await expect(openEngine({ dataDir: folder })).rejects.toThrow(
      new RegExp(`in use by the server with process id ${child.pid}`),
    )
  })

  test('is closed to other accounts', async () => {
    await hold()
    expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o700)
  })
})
