import { createCasebookClient } from '@casebook/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, createClock, enroll } from './authenticator.ts'
import { hasBrowser, openBrowser } from './browser.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

const clock = createClock()
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
})
afterAll(() => server[Symbol.asyncDispose]())

/** Registers an account; gives its client and the key that was mailed to it. */
async function register(username: string) {
  const email = `${username}@example.com`
  const password = 'four quiet herons wade'
  await server.client().auth.register.mutate({ username, email, password })
  const { token } = await server.client().auth.login.mutate({ username, password })
  const client = createCasebookClient({ url: server.url, retries: 0, token })
  return { client, key: await server.verificationKeyFor(email) }
}
const page = (key: string) => server.request('GET', `/email-verification?key=${key}`)
const send = (body: string) =>
  server.request('POST', '/email-verification', {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

describe('the page of a verification link', () => {
  test('is not kept, framed or told to others, and shows what it is given as text', async () => {
    const { headers, text, status } = await page('%22%3E%3Cscript%3Ex')
    expect(status).toBe(200)
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;x"')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('changes nothing by being opened, however often, nor by HEAD', async () => {
    const { client, key } = await register('scanned')
    for (let time = 0; time < 3; time += 1) expect((await page(key)).status).toBe(200)
    await server.request('HEAD', `/email-verification?key=${key}`)
    expect((await client.auth.email.query()).verifiedAt).toBeNull()
    const sent = await send(`key=${key}`)
    expect([sent.status, sent.text]).toEqual([200, expect.stringContaining('The address is verified')])
    expect((await client.auth.email.query()).verifiedAt).not.toBeNull()
  })

  test('says what is the matter with a key that is unknown, used, or not there', async () => {
    const unknown = await send('key=nobody')
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('unknown, used or expired')])
    expect((await send('')).status).toBe(400)
    expect((await send('key=a&key=b')).status).toBe(400)
    for (const path of ['/email-verification', '/email-verification?key=', '/email-verification?key=a&key=b'])
      expect((await server.request('GET', path)).text, path).toContain('no key in this address')
  })
})

describe.runIf(hasBrowser)('the pages of links, in a browser without scripts', () => {
  let browser: Browser
  let tab: Page
  beforeAll(async () => {
    browser = await openBrowser()
    const context = await browser.newContext({ javaScriptEnabled: false })
    tab = await context.newPage()
  })
  afterAll(() => browser.close())

  /** Keeps a picture where the variable says, for people to look at. */
  const picture = async (name: string) => {
    const folder = process.env['CASEBOOK_PICTURES']
    if (folder !== undefined) await tab.screenshot({ path: `${folder}/${name}.png` })
  }

  test('an address is verified by a button, once', async () => {
    const { client, key } = await register('clicker')
    await tab.goto(`${server.url}/email-verification?key=${key}`)
    await picture('verification')
    await tab.getByRole('button', { name: 'Verify the address' }).click()
    await tab.getByRole('heading', { name: 'The address is verified' }).waitFor()
    await picture('verified')
    expect(tab.url()).not.toContain(key)
    expect((await client.auth.email.query()).verifiedAt).not.toBeNull()
    await tab.goto(`${server.url}/email-verification?key=${key}`)
    await tab.getByRole('button').click()
    await tab.getByRole('alert').waitFor()
    await picture('verification-used')
  })

  test('a reset leaves the second factor where it is, and says so', async () => {
    const account = await enroll(server, clock, 'factored')
    await server.client().auth.requestPasswordReset.mutate({ email: account.email })
    await tab.goto(`${server.url}/password-reset?key=${await server.resetKeyFor(account.email)}`)
    await picture('reset')
    await tab.getByLabel(/New password/).fill('seven lazy lynxes nap')
    await tab.getByRole('button').click()
    await tab.getByText('a code of your second factor').waitFor()
    await picture('reset-done')
    const logIn = (code?: string) =>
      server.request('POST', '/api/user/login', {
        body: {
          username: 'factored',
          password: 'seven lazy lynxes nap',
          ...(code === undefined ? {} : { code }),
        },
      })
    expect((await logIn()).status).toBe(400)
    expect((await logIn(codeOf(account.secret, clock))).status).toBe(200)
  })
})
