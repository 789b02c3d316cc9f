import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const email = 'linked@example.com'
const newKey = async () => {
  await server.request('POST', '/api/user/password_reset_request', { body: { email } })
  return server.resetKeyFor(email)
}
const logIn = async (password: string) => {
  const { status } = await server.request('POST', '/api/user/login', {
    body: { username: 'linked', password },
  })
  return status
}

describe('the page of a reset link', () => {
  test('is not kept, framed or told to others, and shows what it is given as text', async () => {
    const { headers, text, status } = await server.request('GET', '/password-reset?key=%22%3E%3Cscript%3Ex')
    expect(status).toBe(200)
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;x"')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('says what is the matter with a key that is unknown, or not there', async () => {
    const sent = (body: string) =>
      server.request('POST', '/password-reset', {
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    const unknown = await sent('key=nobody&password=nine+tired+otters+swim')
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('unknown, used or expired')])
    expect((await sent('')).status).toBe(400)
    expect((await server.request('GET', '/password-reset')).text).toContain('no key in this address')
  })
})

describe.runIf(hasBrowser)('the page of a reset link, in a browser without scripts', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await openBrowser()
    const context = await browser.newContext({ javaScriptEnabled: false })
    page = await context.newPage()
  })
  afterAll(() => browser.close())

  test('takes a new password, after one that is refused, and only once', async () => {
    const link = `${server.url}/password-reset?key=${await newKey()}`
    await page.goto(link)
    const send = async (password: string) => {
      await page.getByLabel(/New password/).fill(password)
      await page.getByRole('button').click()
    }
    await send('password1')
    await page.getByRole('alert').waitFor()
    expect(await logIn('password1')).toBe(400)
    await send('seven lazy lynxes nap')
    await page.getByRole('heading', { name: 'The password is changed' }).waitFor()
    expect(await logIn('seven lazy lynxes nap')).toBe(200)
    await page.goto(link)
    await send('eight busy badgers dig')
    await page.getByText('unknown, used or expired').waitFor()
    expect(await logIn('seven lazy lynxes nap')).toBe(200)
  })
})
