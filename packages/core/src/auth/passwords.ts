import { availableParallelism } from 'node:os'
import { DomainError } from '@casebook/api'
import { createHashingHere, createHashingPool } from './hashing-pool.ts'
import { dummyHash, hashPrefix } from './hashing.ts'

export type PasswordsOptions = {
  /** Processes that hash, each a core's worth; 0 hashes in this process, for tests and single hashes. Default: one a core. */
  readonly processes?: number
  /** Hashes that wait for a turn; beyond it the answer is `overloaded`. */
  readonly queue?: number
  /** How long a process without work is kept. */
  readonly idleMs?: number
  /** Told of processes that die or cannot be started; hashing goes on. */
  readonly onError?: (error: Error) => void
  /** Another program for the processes, for tests. */
  readonly program?: URL
}

/** Hashing and judging of passwords, bounded and of low priority, so that a flood of logins leaves room for everything else. */
export type Passwords = {
  hash(password: string): Promise<string>
  /** Compares; without a hash it takes as long and says no, so that an unknown user takes as long as a known one. */
  verify(passwordHash: string | null, password: string): Promise<boolean>
  /** Tells whether a hash was made with other parameters than today's. */
  isOutdated(passwordHash: string): boolean
  /** Throws `password-refused` for one that is easily guessed; `context` are words close to the user. */
  assertStrong(password: string, context: readonly string[]): Promise<void>
  /** Ends the processes; what still waits is refused as `overloaded`. */
  close(): Promise<void>
}

/** Makes the password hashing of a server process; it starts nothing before the first password comes. */
export function createPasswords(options: PasswordsOptions = {}): Passwords {
  const { processes = availableParallelism(), queue = 200, idleMs = 60_000 } = options
  const { onError = () => undefined, program } = options
  const hashing =
    processes === 0
      ? createHashingHere(queue)
      : createHashingPool({ processes, queue, idleMs, onError, program })
  return {
    hash: async (password) =>
      String(await hashing.run({ kind: 'hash', password: password.normalize('NFC') })),
    async verify(passwordHash, password) {
      const matches = await hashing.run({
        kind: 'verify',
        passwordHash: passwordHash ?? dummyHash,
        password: password.normalize('NFC'),
      })
      return passwordHash !== null && matches === true
    },
    isOutdated: (passwordHash) => !passwordHash.startsWith(hashPrefix),
    async assertStrong(password, context) {
      const advice = await hashing.run({ kind: 'judge', password, context })
      if (typeof advice !== 'string') return
      throw new DomainError('password-refused', {
        detail: advice,
        errors: [{ path: 'password', message: advice }],
      })
    },
    close: () => hashing.close(),
  }
}
