import { newId, type Caller, type UserId } from '@casebook/api'
import { openTestDatabase, type TestDatabase } from '@casebook/db/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Deps } from '../deps.ts'
import { createTestDeps } from '../test-deps.ts'
import { createAuthService } from './service.ts'

const caller: Caller = {
  user: null,
  session: null,
  requestId: 'test',
  address: '127.0.0.1',
  userAgent: null,
  precondition: undefined,
  idempotency: undefined,
}
const password = 'nine tired otters swim'

let database: TestDatabase
let deps: Deps
beforeEach(async () => {
  database = await openTestDatabase()
  deps = createTestDeps(database)
})
afterEach(() => database[Symbol.asyncDispose]())

async function addAccount(username: string): Promise<UserId> {
  const id = newId('user')
  const email = `${username}@example.com`
  const passwordHash = await deps.passwords.hash(password)
  await database.transaction((tx) =>
    tx.userWriter.insert({ id, username, email, role: 'reader', passwordHash }),
  )
  return id
}

const login = (username: string, typed = password) =>
  createAuthService(deps, caller).login({ username, password: typed })

async function failedLogins(username: string): Promise<number | undefined> {
  return (await database.stores.users.findByLogin(username))?.failedLogins
}

test('a login that fails takes the same steps, whatever it fails for', async () => {
  await addAccount('known')
  const disabled = await addAccount('disabled')
  await database.transaction((tx) => tx.userWriter.update(disabled, { disabled: true }))
  const locked = await addAccount('locked')
  for (let time = 0; time < 10; time += 1) await database.stores.users.countFailedLogin(locked)

  const steps = {
    find: vi.spyOn(database.stores.users, 'findByLogin'),
    verify: vi.spyOn(deps.passwords, 'verify'),
    count: vi.spyOn(database.stores.users, 'countFailedLogin'),
    transaction: vi.spyOn(database, 'transaction'),
  }
  const tries = [['nobody'], ['known', 'wrong'], ['disabled'], ['disabled', 'wrong'], ['locked']] as const
  for (const [username, typed] of tries) {
    for (const step of Object.values(steps)) step.mockClear()
    await expect(login(username, typed)).rejects.toMatchObject({ reason: 'wrong-credentials' })
    const taken = Object.values(steps).map(({ mock }) => mock.calls.length)
    expect(taken, `${username} ${typed}`).toEqual([1, 1, 1, 0])
  }
})

test('a wrong password is counted for its account alone, and forgotten by the right one', async () => {
  await addAccount('known')
  await addAccount('other')
  await expect(login('known', 'wrong')).rejects.toMatchObject({ reason: 'wrong-credentials' })
  await expect(login('nobody', 'wrong')).rejects.toMatchObject({ reason: 'wrong-credentials' })
  expect([await failedLogins('known'), await failedLogins('other')]).toEqual([1, 0])
  await login('known')
  expect(await failedLogins('known')).toBe(0)
})

test('an account is locked from the tenth wrong password in a row on', async () => {
  await addAccount('known')
  for (let time = 0; time < 9; time += 1) await login('known', 'wrong').catch(() => undefined)
  const { token } = await login('known')
  expect(token).not.toBe('')
  for (let time = 0; time < 10; time += 1) await login('known', 'wrong').catch(() => undefined)
  await expect(login('known')).rejects.toMatchObject({ reason: 'wrong-credentials' })
})
