import { newId } from '@casebook/api'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../testing/index.ts'
import { createLoginStore } from './login-store.ts'

const lockout = { after: 10, firstPauseSeconds: 900, longestPauseSeconds: 86_400 }

// A transaction waits for the disk only if it has an id: who watches the time must not learn who has an account.
test('a failed login is written to the log of the database, whether it counts for somebody or for nobody', async () => {
  await using database = await openTestDatabase()
  const id = newId('user')
  const account = {
    username: 'owner',
    email: 'owner@example.com',
    role: 'reader',
    passwordHash: 'none',
  } as const
  await database.transaction((tx) => tx.userWriter.insert({ id, ...account }))
  for (const counted of [id, newId('user')]) {
    const isWritten = await database.kysely.transaction().execute(async (tx) => {
      await createLoginStore(tx).countFailure(counted, { network: '192.0.2.1', lockout })
      const { rows } = await sql<{ is: boolean }>`
        select pg_current_xact_id_if_assigned() is not null as is`.execute(tx)
      return rows[0]?.is
    })
    expect(isWritten).toBe(true)
  }
})
