import { spawn, type ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { dummyHash } from './hashing.ts'
import { createPasswords, type Passwords, type PasswordsOptions } from './passwords.ts'
import { guessablePassword } from './strength.ts'

// Processes of the lowest priority have their time on a busy machine.
const inTime = { timeout: 20_000 }
const fixtures = join(import.meta.dirname, '../../test')

let children: ChildProcess[]
let open: Passwords[]
const seen = (message: unknown) => children.push((message as { process: ChildProcess }).process)
beforeEach(() => {
  children = []
  open = []
  subscribe('child_process', seen)
})
afterEach(async () => {
  unsubscribe('child_process', seen)
  await Promise.all(open.map((passwords) => passwords.close()))
  await expect.poll(() => children.filter(isRunning), inTime).toEqual([])
})

function make(options: PasswordsOptions): Passwords {
  const passwords = createPasswords(options)
  open.push(passwords)
  return passwords
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

/** Gives the process id of a child, by the order of their starts. */
function pidOf(index: number): number {
  const pid = children[index]?.pid
  if (pid === undefined) throw new Error(`there is no child ${index}`)
  return pid
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe.each([0, 2])('passwords hashed in %i processes', (processes) => {
  test('match what they were made from, and nothing else', async () => {
    const passwords = make({ processes })
    const other = make({ processes: 2 - processes })
    const made = await passwords.hash('nine tired otters swim')
    for (const one of [passwords, other]) {
      expect(await one.verify(made, 'nine tired otters swim')).toBe(true)
      expect(await one.verify(made, 'nine tired otters swam')).toBe(false)
      expect(one.isOutdated(made)).toBe(false)
    }
    expect(await passwords.hash('nine tired otters swim')).not.toBe(made)
  })

  test('match in whatever way their letters were composed', async () => {
    const passwords = make({ processes })
    expect(await passwords.verify(await passwords.hash('Zo\u00EB 🦦'), 'Zoe\u0308 🦦')).toBe(true)
  })

  test('match nothing for an unknown user', async () => {
    expect(await make({ processes }).verify(null, 'nine tired otters swim')).toBe(false)
  })

  test('fail for a hash that is none, and hashing goes on', async () => {
    const passwords = make({ processes })
    await expect(passwords.verify('nonsense', 'nine tired otters swim')).rejects.toThrow('Decoding failed')
    expect(await passwords.verify(await passwords.hash('x'), 'x')).toBe(true)
  })

  test('are refused with a time to come again when too many wait', async () => {
    const passwords = make({ processes, queue: 3 })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => passwords.hash('x')))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(5)
    for (const { reason } of refused)
      expect(reason).toMatchObject({ reason: 'overloaded', retryAfterSeconds: 2 })
  })
})

test('compares the password of an unknown user with a hash of the same parameters', async () => {
  const passwords = make({ processes: 0 })
  expect(passwords.isOutdated(dummyHash)).toBe(false)
  const shape = (hash: string) => hash.split('$').map((part) => (part.includes('=') ? part : part.length))
  expect(shape(dummyHash)).toEqual(shape(await passwords.hash('x')))
})

test('starts no process before the first password comes, and no more than needed', async () => {
  const passwords = make({ processes: 4 })
  expect(children).toHaveLength(0)
  for (let round = 0; round < 2; round += 1) await passwords.hash('x')
  expect(children).toHaveLength(1)
  await Promise.all([passwords.hash('x'), passwords.hash('x'), passwords.hash('x')])
  expect(children).toHaveLength(3)
  await Promise.all(Array.from({ length: 6 }, () => passwords.hash('x')))
  expect(children).toHaveLength(4)
})

/** Symbols each of which is read as several letters. */
const symbols = '4@8({[<369&#!1|0$5+7%2'.repeat(11)

test('judges new passwords in these processes, too', async () => {
  const passwords = make({ processes: 1 })
  await passwords.assertStrong(symbols, ['nadia'])
  expect(children).toHaveLength(1)
  await expect(passwords.assertStrong('nadia1', ['nadia'])).rejects.toMatchObject({
    reason: 'password-refused',
    errors: [{ path: 'password', message: expect.stringContaining('four unrelated words') }],
  })
})

test.each([symbols, 'p4ssw0rd'.repeat(32), '1985121903'.repeat(25)])(
  'judges a password of many readings in no time that matters (%#)',
  async (password) => {
    await guessablePassword('nine tired otters swim', [])
    const before = process.threadCpuUsage()
    await guessablePassword(password, ['nadia'])
    expect(process.threadCpuUsage(before).user).toBeLessThan(120_000)
  },
)

test('gives the processes the lowest priority, and nothing to read in their arguments', async () => {
  await make({ processes: 1 }).hash('nine tired otters swim')
  expect(getPriority(pidOf(0))).toBeGreaterThan(getPriority())
  expect(children[0]?.spawnargs.join(' ')).toMatch(/hashing-process\.[jt]s$/)
  expect(children[0]?.spawnargs).toHaveLength(2)
})

test('ends a process that has had nothing to do for a while, and starts one again', async () => {
  const passwords = make({ processes: 1, idleMs: 1 })
  const made = await passwords.hash('x')
  await expect.poll(() => children.map(isRunning), inTime).toEqual([false])
  expect(await passwords.verify(made, 'x')).toBe(true)
  expect(children).toHaveLength(2)
})

test('gives no task to a process that it has just ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const errors: Error[] = []
  const passwords = make({ processes: 1, onError: (error) => errors.push(error) })
  const made = await passwords.hash('x')
  vi.advanceTimersByTime(59_999)
  expect(await passwords.verify(made, 'x')).toBe(true)
  vi.advanceTimersByTime(60_000)
  expect(await passwords.verify(made, 'x')).toBe(true)
  expect(children).toHaveLength(2)
  expect(errors).toEqual([])
})

test('keeps hashing through the signals that a terminal and service managers send to all', async () => {
  const passwords = make({ processes: 1 })
  await passwords.hash('x')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.kill(pidOf(0), signal)
    await passwords.hash('x')
  }
  expect(children).toHaveLength(1)
})

describe('a process that dies', () => {
  test('is replaced, and its task done by another one', async () => {
    const errors: Error[] = []
    const passwords = make({ processes: 1, onError: (error) => errors.push(error) })
    const made = await passwords.hash('x')
    process.kill(pidOf(0), 'SIGSTOP')
    const matches = passwords.verify(made, 'x')
    process.kill(pidOf(0), 'SIGKILL')
    expect(await matches).toBe(true)
    expect(children).toHaveLength(2)
    expect(errors.map(({ message }) => message)).toEqual([
      'A process that hashes passwords ended with SIGKILL.',
    ])
  })

  test('and a second one with the same task are enough: the task is refused', async () => {
    const passwords = make({ processes: 2 })
    const made = await passwords.hash('x')
    process.kill(pidOf(0), 'SIGSTOP')
    const outcome = passwords.verify(made, 'x').catch((error: unknown) => error)
    await passwords.hash('y')
    process.kill(pidOf(1), 'SIGSTOP')
    process.kill(pidOf(0), 'SIGKILL')
    await expect.poll(() => children.map(isRunning), inTime).toEqual([false, true])
    process.kill(pidOf(1), 'SIGKILL')
    expect(await outcome).toMatchObject({ reason: 'overloaded' })
    expect(await passwords.verify(made, 'x')).toBe(true)
  })

  test('while it has nothing to do is not missed', async () => {
    const passwords = make({ processes: 1 })
    const made = await passwords.hash('x')
    process.kill(pidOf(0), 'SIGKILL')
    await expect.poll(() => children.map(isRunning), inTime).toEqual([false])
    expect(await passwords.verify(made, 'x')).toBe(true)
  })
})

test('hashes in its own process when no other one starts, and says so once', async () => {
  const errors: Error[] = []
  const passwords = make({
    processes: 2,
    program: new URL(`file://${fixtures}/no-hashing.ts`),
    onError: (error) => errors.push(error),
  })
  const hashes = await Promise.all([passwords.hash('x'), passwords.hash('x'), passwords.hash('x')])
  for (const made of hashes) expect(await passwords.verify(made, 'x')).toBe(true)
  expect(children).toHaveLength(2)
  expect(errors).toHaveLength(1)
  expect(errors[0]?.message).toMatch(/^The server hashes passwords itself/)
  expect(errors[0]?.cause).toMatchObject({ message: 'A process that hashes passwords ended with status 3.' })
})

test('refuses what waits when it is closed, and leaves no process behind', async () => {
  const passwords = make({ processes: 1 })
  const outcomes = Promise.allSettled([passwords.hash('x'), passwords.hash('x')])
  await passwords.close()
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'overloaded' } })
  expect(children.map(isRunning)).toEqual([false])
  await expect(passwords.hash('x')).rejects.toMatchObject({ reason: 'overloaded' })
})

test('leaves no process behind when it is killed', async () => {
  const holder = spawn(process.execPath, [join(fixtures, 'hold-passwords.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: holder.stdout }), 'line')) as [string]
  const pids = line.split(' ').map(Number)
  expect(pids.map(exists)).toEqual([true, true])
  holder.kill('SIGKILL')
  await expect.poll(() => pids.map(exists), inTime).toEqual([false, false])
})
