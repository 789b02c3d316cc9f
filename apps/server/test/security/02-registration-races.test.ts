import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../start-test-server.ts'
import { outcomeOf, password, post, tally, together, type Outcome } from './attempts.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Account = { readonly username: string; readonly email: string }

/** Every second one goes over tRPC. */
const register = (account: Account, index: number): Promise<Outcome> =>
  index % 2 === 0
    ? post(server, '/api/user/register', { body: { ...account, password } })
    : outcomeOf(server.client().auth.register.mutate({ ...account, password }))

describe('security 02: an account is made once', () => {
  test('of fifty that register one address at once, in any case, one gets it', async () => {
    const spellings = ['racer@example.com', 'Racer@Example.COM', 'RACER@EXAMPLE.COM'] as const
    const outcomes = await together(50, (index) =>
      register({ username: `racer-${index}`, email: spellings[index % 3] ?? spellings[0] }, index),
    )
    expect(tally(outcomes)).toEqual({ done: 1, 'email-taken': 49 })
  })

  test.each([
    ['case', ['wave', 'WAVE', 'Wave']],
    ['composed and decomposed letters', ['andré', 'andre\u0301', 'ANDRE\u0301']],
    ['compatible letters', ['fiona', 'ﬁona', 'ＦＩＯＮＡ']],
    ['letters with a letter of their own in lower case', ['kelvin', '\u212Aelvin', 'KELVIN']],
  ])('of fifty that register one name at once, one gets it: %s', async (_what, spellings) => {
    const outcomes = await together(50, (index) =>
      register(
        {
          username: spellings[index % 3] ?? '',
          email: `${spellings[0]?.normalize('NFD').replace(/\W/g, '')}-${index}@example.com`,
        },
        index,
      ),
    )
    expect(tally(outcomes)).toEqual({ done: 1, 'username-taken': 49 })
  })
})
