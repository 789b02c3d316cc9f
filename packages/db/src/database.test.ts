import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createIdempotencyStore } from './foundation/idempotency-store.ts'
import { readSecret } from './foundation/secrets.ts'
import { openTestDatabase } from './testing/index.ts'

test('instants come as RFC 3339 to the millisecond, days as text, counts as numbers', async () => {
  await using database = await openTestDatabase()
  const { rows } =
    await sql`select timestamptz '2026-01-05 09:00:00.5+01' as instant, timestamptz '1850-01-05 09:00:00+00' as old,
    date '0099-02-03' as day, count(*) as count from audit_head`.execute(database.kysely)
  expect(rows).toEqual([
    { instant: '2026-01-05T08:00:00.500Z', old: '1850-01-05T09:00:00.000Z', day: '0099-02-03', count: 1 },
  ])
})

test('a query beside a transaction is not part of it', async () => {
  await using database = await openTestDatabase()
  const held = Promise.withResolvers<void>()
  const failing = database.transaction(async ({ tx }) => {
    await tx.insertInto('server_secret').values({ name: 'inside', value: 'x' }).execute()
    held.resolve()
    await new Promise((resolve) => setTimeout(resolve, 50))
    throw new Error('undo')
  })
  await held.promise
  const beside = database.kysely.insertInto('server_secret').values({ name: 'beside', value: 'x' }).execute()
  await expect(failing).rejects.toThrow('undo')
  await beside
  const rows = await database.kysely.selectFrom('server_secret').select('name').execute()
  expect(rows).toEqual([{ name: 'beside' }])
})

test('a secret is the same for everybody, and made once', async () => {
  await using database = await openTestDatabase()
  const secrets = await Promise.all(Array.from({ length: 10 }, () => readSecret(database.kysely, 'cursor')))
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1)
  expect(secrets[0]).toHaveLength(32)
})

test('of twenty claims of a key at once one is new, and the others get its result', async () => {
  await using database = await openTestDatabase()
  const claim = { scope: 'me', key: 'k', fingerprint: 'f', operation: 'books.create' }
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () =>
      database.transaction(async ({ idempotency }) => {
        const outcome = await idempotency.claim(claim)
        if (outcome.kind === 'new') await idempotency.keep(claim, { id: 1 })
        return outcome
      }),
    ),
  )
  expect(outcomes.filter((outcome) => outcome.kind === 'new')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome.kind === 'replay')).toHaveLength(19)
  expect(outcomes.find((outcome) => outcome.kind === 'replay')).toEqual({ kind: 'replay', result: { id: 1 } })
  const other = await database.transaction(({ tx }) =>
    createIdempotencyStore(tx).claim({ ...claim, fingerprint: 'g' }),
  )
  expect(other.kind).toBe('mismatch')
})
