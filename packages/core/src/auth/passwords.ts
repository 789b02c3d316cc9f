import { DomainError } from '@casebook/api'
import { hash, verify, type Options } from '@node-rs/argon2'
import { guessablePassword } from './strength.ts'

/** OWASP's least for argon2id, which is the library's default: 19 MiB, two passes, one lane. */
const parameters: Options = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
}
const prefix = '$argon2id$v=19$m=19456,t=2,p=1$'

export type PasswordsOptions = {
  /** Hashes that run at once; each takes a core for its time. */
  readonly concurrency?: number
  /** Hashes that wait for a turn; beyond it the answer is `overloaded`. */
  readonly queue?: number
}

/** Hashing of passwords, bounded so that a flood of logins leaves room for everything else. */
export type Passwords = {
  hash(password: string): Promise<string>
  /** Compares; without a hash it takes as long and says no, so that an unknown user takes as long as a known one. */
  verify(passwordHash: string | null, password: string): Promise<boolean>
  /** Tells whether a hash was made with other parameters than today's. */
  isOutdated(passwordHash: string): boolean
  /** Throws `password-refused` for one that is easily guessed; `context` are words close to the user. */
  assertStrong(password: string, context: readonly string[]): Promise<void>
}

/** Makes the password hashing of a server process. */
export async function createPasswords(options: PasswordsOptions = {}): Promise<Passwords> {
  const inTurn = createTurns(options.concurrency ?? 2, options.queue ?? 200)
  const dummy = await hash('a password that nobody has', parameters)
  return {
    hash: (password) => inTurn(() => hash(password.normalize('NFC'), parameters)),
    async verify(passwordHash, password) {
      const matches = await inTurn(() => verify(passwordHash ?? dummy, password.normalize('NFC')))
      return passwordHash !== null && matches
    },
    isOutdated: (passwordHash) => !passwordHash.startsWith(prefix),
    async assertStrong(password, context) {
      const advice = await guessablePassword(password, context)
      if (advice === null) return
      throw new DomainError('password-refused', {
        detail: advice,
        errors: [{ path: 'password', message: advice }],
      })
    },
  }
}

/** Lets a number of tasks run at once, and a number wait. */
function createTurns(concurrency: number, queue: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= queue) throw new DomainError('overloaded', { retryAfterSeconds: 2 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else {
      running += 1
    }
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
