import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openBrowser } from './browser.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

describe.runIf(hasBrowser)('the docs page, in a browser that reaches this machine only', () => {
  let server: TestServer
  let browser: Browser
  let page: Page
  const foreign: string[] = []
  const faults: string[] = []
  beforeAll(async () => {
    server = await startTestServer()
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.route('**/*', (route) => {
      const { protocol, hostname } = new URL(route.request().url())
      if (hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:') return route.continue()
      foreign.push(hostname)
      return route.abort()
    })
    // The document names the server by its public URL, which has no port in tests.
    await page.route('**/openapi.json', async (route) => {
      const answer = await route.fetch()
      const body = (await answer.text()).replaceAll(/http:\/\/127\.0\.0\.1(?!:)/g, server.url)
      return route.fulfill({ response: answer, body })
    })
    await page.goto(`${server.url}/docs`)
    await page.getByText('Log in for a bearer token').first().waitFor()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  const open = async (anchor: string, heading: string) => {
    await page.goto(`${server.url}/docs#${anchor}`)
    await page.getByRole('heading', { name: heading }).first().waitFor()
  }

  test('shows an operation with its call for curl and for TypeScript', async () => {
    await open('tag/books/GET/api/books', 'List books')
    const section = page.locator('section', { has: page.getByRole('heading', { name: 'List books' }) }).last()
    expect(await section.innerText()).toContain(`curl -sS '${server.url}/api/books?q=nursing&limit=2'`)
    await section.getByRole('button', { name: /curl/ }).first().click()
    await page.getByText('TypeScript client').first().click()
    await expect.poll(() => section.innerText()).toContain('client.books.list.query(')
  })

  test('tries an operation with a sample account', async () => {
    await page.getByPlaceholder('Token').first().fill(server.tokenOf('clinician'))
    await open('tag/records/GET/records', 'List records')
    await page
      .getByRole('button', { name: /Test Request.*get \/records\)$/i })
      .first()
      .click()
    await page.getByRole('button', { name: /^Send/ }).first().click()
    await page.getByText('200 OK').first().waitFor()
  })

  test('asked no other host, and had no fault', () => {
    expect([...new Set(foreign)]).toEqual([])
    expect(faults).toEqual([])
  })
})
