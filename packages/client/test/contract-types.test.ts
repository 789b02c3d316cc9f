import type { AppRouter } from '@casebook/api'
import type { TRPCClient } from '@trpc/client'
import { expect, test } from 'vitest'
import type { CasebookClient } from '../src/index.ts'

/** What the types of the client and those of the router have in common. */
type Taken<T> = T extends { query: (input: infer I, ...rest: never[]) => Promise<unknown> }
  ? I
  : T extends { mutate: (input: infer I, ...rest: never[]) => Promise<unknown> }
    ? I
    : never
type Given<T> = T extends { query: (...args: never[]) => Promise<infer O> }
  ? O
  : T extends { mutate: (...args: never[]) => Promise<infer O> }
    ? O
    : never
type IsCall<T> = T extends { query: unknown } | { mutate: unknown } ? true : false
type Mutable<T> = T extends string | number | boolean | null | undefined
  ? T
  : { -readonly [K in keyof T]: Mutable<T[K]> }

/** `true` for a procedure on which both agree, else what they differ in. */
type Agree<Ours, Theirs> =
  IsCall<Ours> extends true
    ? [Mutable<Taken<Ours>>] extends [Taken<Theirs>]
      ? [Given<Theirs>] extends [Given<Ours>]
        ? true
        : { output: Given<Ours>; ofRouter: Given<Theirs> }
      : { input: Mutable<Taken<Ours>>; ofRouter: Taken<Theirs> }
    : { [K in keyof Ours]: K extends keyof Theirs ? Agree<Ours[K], Theirs[K]> : 'not of the router' }

/** The tree in which every procedure agrees. */
type Agreeing<T> = IsCall<T> extends true ? true : { [K in keyof T]: Agreeing<T[K]> }

type Wrong = Agree<{ books: { get: { query: () => Promise<{ pages: number }> } } }, TRPCClient<AppRouter>>

test('the written types are those of the router', () => {
  const agrees: Agree<CasebookClient, TRPCClient<AppRouter>> extends Agreeing<CasebookClient> ? true : false =
    true
  const isWrongSeen: Wrong extends { books: { get: true } } ? false : true = true
  expect([agrees, isWrongSeen]).toEqual([true, true])
})
