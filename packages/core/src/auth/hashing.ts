// What the processes that hash load: nothing but argon2, so that they start fast and stay small; dictionaries come with
// the first password that one of them is to judge.
import { hash, hashSync, verify, verifySync, type Options } from '@node-rs/argon2'
import { guessablePassword } from './strength.ts'

/** One hash to be made or compared, or one new password to be judged. */
export type HashingTask =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly password: string; readonly passwordHash: string }
  | { readonly kind: 'judge'; readonly password: string; readonly context: readonly string[] }

/** The hash that was made, whether it matches, or why the password is easily guessed. */
export type HashingResult = string | boolean | null

/** OWASP's least for argon2id, which is the library's default: 19 MiB, two passes, one lane. */
const parameters: Options = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
}

/** How a hash with today's parameters begins. */
export const hashPrefix = '$argon2id$v=19$m=19456,t=2,p=1$'

/**
 * The hash of a random password that was thrown away, made with today's parameters: what an unknown user's password
 * is compared with. A constant, so that not even the first such comparison takes longer; new parameters need a new one.
 */
export const dummyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$AraWynXdFxI98y3zFdA9FA$mt73be2fFuYfJIoZot++LsqdnblEux1xs4aDa1F6vXM'

/** Hashes on a thread of libuv's pool. Throws for a hash that is none. */
export function hashOnThread(task: HashingTask): Promise<HashingResult> {
  switch (task.kind) {
    case 'hash':
      return hash(task.password, parameters)
    case 'verify':
      return verify(task.passwordHash, task.password)
    case 'judge':
      return guessablePassword(task.password, task.context)
  }
}

/** Hashes on the thread that calls, which is the one whose priority was lowered. Throws for a hash that is none. */
export async function hashHere(task: HashingTask): Promise<HashingResult> {
  switch (task.kind) {
    case 'hash':
      return hashSync(task.password, parameters)
    case 'verify':
      return verifySync(task.passwordHash, task.password)
    case 'judge':
      return guessablePassword(task.password, task.context)
  }
}
