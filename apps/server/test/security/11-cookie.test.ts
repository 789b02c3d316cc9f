import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAnother, type AnotherServer } from '../another-server.ts'
import { callRest, callTrpc, cookieOf, headersOf, statusesOf, type Credential } from '../credentials.ts'
import { startTestServer, type TestServer } from '../start-test-server.ts'

let plain: TestServer
let secure: AnotherServer
beforeAll(async () => {
  plain = await startTestServer()
  secure = await startAnother(plain, { publicUrl: 'https://casebook.example' })
})
afterAll(async () => {
  await secure[Symbol.asyncDispose]()
  await plain[Symbol.asyncDispose]()
})

const body = { username: 'reader', password: 'reader-of-casebook' }
const logIn = (url: string, credential?: Credential) =>
  callRest(url, ['POST', '/api/user/login_session'], { body, credential })

/** The cookie of an answer, taken apart. */
function attributesOf(headers: Headers): { name: string; attributes: string[] } {
  const [set = '', ...others] = headers.getSetCookie()
  expect(others).toEqual([])
  const [pair = '', ...attributes] = set.split('; ')
  const shown = attributes.map((text) => (text.startsWith('Expires=') ? 'Expires' : text))
  return { name: pair.split('=')[0] ?? '', attributes: shown.toSorted() }
}

describe('security 11: the session cookie', () => {
  const always = ['Expires', 'HttpOnly', 'Path=/', 'SameSite=Lax']

  test.each([
    {
      where: 'https',
      url: () => secure.url,
      name: '__Host-casebook_session',
      attributes: [...always, 'Secure'].toSorted(),
    },
    { where: 'http on loopback', url: () => plain.url, name: 'casebook_session', attributes: always },
  ])('on $where is bound to host, scripts and site as far as it goes', async ({ url, name, attributes }) => {
    const set = await logIn(url())
    expect(attributesOf(set.headers)).toEqual({ name, attributes })
    expect(JSON.stringify(set.json)).not.toContain(cookieOf(set.headers))
    const overTrpc = await callTrpc(url(), ['mutation', 'auth.loginSession'], { body })
    expect(attributesOf(overTrpc.headers)).toEqual({ name, attributes })
    expect(JSON.stringify(overTrpc.json)).not.toContain(cookieOf(overTrpc.headers))

    const headers = headersOf({ as: 'cookie', text: cookieOf(set.headers) ?? '' }, name)
    const cleared = await fetch(`${url()}/api/user/logout_session`, { method: 'POST', headers })
    expect(cleared.status).toBe(200)
    expect(cookieOf(cleared.headers)).toBe('')
    const gone = [...attributes, 'Max-Age=0'].toSorted()
    expect(attributesOf(cleared.headers)).toEqual({ name, attributes: gone })
  })

  test('on https counts by its full name alone', async () => {
    const text = cookieOf((await logIn(secure.url)).headers) ?? ''
    const statusOf = async (name: string) =>
      (await fetch(`${secure.url}/api/user/me`, { headers: headersOf({ as: 'cookie', text }, name) })).status
    expect(await statusOf('__Host-casebook_session')).toBe(200)
    expect(await statusOf('casebook_session')).toBe(401)
    expect(await statusOf('__host-casebook_session')).toBe(401)
  })

  test('that somebody has planted is not adopted', async () => {
    const planted: Credential = { as: 'cookie', text: 'A'.repeat(43) }
    const { status, headers } = await logIn(plain.url, planted)
    expect(status).toBe(200)
    expect(cookieOf(headers)).toMatch(/^[\w-]{43}$/)
    expect(cookieOf(headers)).not.toBe(planted.text)
    expect(await statusesOf([plain.url], planted)).toEqual([401])
  })

  test('is another one after each login, and the one before is over', async () => {
    const first: Credential = { as: 'cookie', text: cookieOf((await logIn(plain.url)).headers) ?? '' }
    expect(await statusesOf([plain.url], first)).toEqual([200])
    const again = await callTrpc(plain.url, ['mutation', 'auth.loginSession'], { body, credential: first })
    const second: Credential = { as: 'cookie', text: cookieOf(again.headers) ?? '' }
    expect(second.text).not.toBe(first.text)
    expect(await statusesOf([plain.url], first)).toEqual([401])
    expect(await statusesOf([plain.url], second)).toEqual([200])
  })

  test('of one account is over when somebody else logs in with the same browser', async () => {
    const first: Credential = { as: 'cookie', text: cookieOf((await logIn(plain.url)).headers) ?? '' }
    await callRest(plain.url, ['POST', '/api/user/login_session'], {
      body: { username: 'editor', password: 'editor-of-casebook' },
      credential: first,
    })
    expect(await statusesOf([plain.url], first)).toEqual([401])
  })
})
