import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  callRest,
  callTrpc,
  logIn,
  makeKey,
  startTwoServers,
  statusesOf,
  type Credential,
  type TwoServers,
} from '../credentials.ts'

const password = 'four quiet herons wade'
const kinds = ['bearer', 'cookie', 'key'] as const

let two: TwoServers
beforeAll(async () => {
  two = await startTwoServers()
})
afterAll(() => two[Symbol.asyncDispose]())

/** Makes an account, and gives its id and a live credential of a kind. */
async function addAccount(username: string, kind: (typeof kinds)[number]) {
  const [url] = two.urls
  const body = { username, email: `${username}@example.com`, password }
  const { json } = await callRest(url, ['POST', '/api/user/register'], { body })
  const { id } = (json as { user: { id: string } }).user
  const session = await logIn(url, username, { as: kind === 'cookie' ? 'cookie' : 'bearer', password })
  return { id, credential: kind === 'key' ? await makeKey(url, session) : session }
}

/** Tries what authors and editors may and readers may not, at each server over each transport. */
async function triesToMakeBooks(credential: Credential): Promise<number[]> {
  const call = { credential, body: { title: 'A book' } }
  const answers = await Promise.all(
    two.urls.flatMap((url) => [
      callRest(url, ['POST', '/api/books'], call),
      callTrpc(url, ['mutation', 'books.create'], call),
    ]),
  )
  return [...new Set(answers.map(({ status }) => status))]
}

describe('security 04: what is done to an account bites on the next request, in every process', () => {
  const change = async (at: 0 | 1, id: string, body: object) => {
    const credential: Credential = { as: 'bearer', text: two.server.tokenOf('admin') }
    const { status } = await callRest(two.urls[at], ['PATCH', `/api/users/${id}`], { credential, body })
    expect(status).toBe(200)
  }

  test.each(kinds)('a role that is given and taken, for a %s', async (kind) => {
    const { id, credential } = await addAccount(`risen-${kind}`, kind)
    expect(await triesToMakeBooks(credential)).toEqual([403])
    await change(0, id, { role: 'editor' })
    expect((await triesToMakeBooks(credential)).toSorted()).toEqual([200, 201])
    await change(1, id, { role: 'reader' })
    expect(await triesToMakeBooks(credential)).toEqual([403])
  })

  test.each(kinds)(
    'an account that is disabled, for a %s, which does not come back with it',
    async (kind) => {
      const { id, credential } = await addAccount(`gone-${kind}`, kind)
      expect(await statusesOf(two.urls, credential)).toEqual([200])
      await change(1, id, { disabled: true })
      expect(await statusesOf(two.urls, credential)).toEqual([401])
      await change(0, id, { disabled: false })
      expect(await statusesOf(two.urls, credential)).toEqual([401])
    },
  )

  test.each(kinds)('an account that is disabled past the services, for a %s', async (kind) => {
    const { id, credential } = await addAccount(`cut-${kind}`, kind)
    const { username } = (await callRest(two.urls[0], ['GET', '/api/user/me'], { credential })).json as {
      username: string
    }
    expect([id, username]).toEqual([expect.stringMatching(/^user_/), `cut-${kind}`])
    await two.server.database.kysely
      .updateTable('user_account')
      .set({ disabled_at: new Date() })
      .where('username', '=', username)
      .execute()
    expect(await statusesOf(two.urls, credential)).toEqual([401])
  })
})
