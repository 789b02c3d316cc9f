import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCasebookClient } from '@casebook/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCasebook } from './run-casebook.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  folder = mkdtempSync(join(tmpdir(), 'casebook-reason-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const last = async (action: string) => {
  const { items } = await server.client('admin').audit.list.query({ action, limit: 1 })
  return items[0]
}
const patient = () => server.fill('{patient}')

describe('a reason that is given with a call', () => {
  test.each([
    ['GET', '/patients/{patient}', 'records.patients.get'],
    ['GET', '/records/{record}', 'records.get'],
    ['GET', '/records?year=2024&limit=5', 'records.list'],
    ['GET', '/records?year=2024', 'records.stream'],
  ])('is kept of %s %s, before what else there is to say', async (method, path, action) => {
    const headers = { 'x-casebook-reason': encodeURIComponent('Rückruf wegen Termin') }
    const { status } = await server.request(method, server.fill(path), { as: 'clinician', headers })
    expect(status).toBe(200)
    expect((await last(action))?.detail).toMatch(/^reason «Rückruf wegen Termin»( year=2024.*)?$/)
  })

  test('is declared where it is kept, and nowhere else', async () => {
    const { json } = await server.request('GET', '/openapi.json')
    const { paths } = json as { paths: Record<string, Record<string, { parameters?: { name: string }[] }>> }
    const declared = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { parameters = [] }]) => parameters.some(({ name }) => name === 'x-casebook-reason'))
        .map(([method]) => `${method} ${path}`),
    )
    expect(declared).toEqual(
      expect.arrayContaining([
        'get /records',
        'get /records/{id}',
        'get /patients/{id}',
        'get /patients/{id}/access',
      ]),
    )
    expect(declared.filter((operation) => operation.includes('book'))).toEqual([])
  })

  test('is sent by the typed client with its headers', async () => {
    const headers = { 'x-casebook-reason': encodeURIComponent('Zweitmeinung') }
    const client = createCasebookClient({ url: server.url, token: server.tokenOf('clinician'), headers })
    await client.records.get.query({ id: server.fill('{record}') })
    expect((await last('records.get'))?.detail).toBe('reason «Zweitmeinung»')
  })

  test('is kept of a refusal', async () => {
    const headers = { 'x-casebook-reason': 'curious' }
    const path = `/patients/${patient()}`
    expect((await server.request('GET', path, { as: 'editor', headers })).status).toBe(403)
    expect(await last('records.patients.get')).toMatchObject({
      outcome: 'refused',
      detail: 'reason «curious»',
    })
  })

  test.each([
    ['too long', 'x'.repeat(201)],
    ['empty', '%20'],
    ['two lines', 'a%0Ab'],
    ['no UTF-8', '%FF'],
  ])('is refused when it is %s', async (_what, reason) => {
    const headers = { 'x-casebook-reason': reason }
    const { status, json } = await server.request('GET', `/patients/${patient()}`, {
      as: 'clinician',
      headers,
    })
    expect([status, json]).toMatchObject([400, { type: expect.stringContaining('malformed-request') }])
  })
})

describe('who a patient is', () => {
  const casebook = (...args: string[]) =>
    runCasebook(args, {
      env: {
        CASEBOOK_URL: server.url,
        CASEBOOK_TOKEN: server.tokenOf('clinician'),
        CASEBOOK_CONFIG_DIR: folder,
      },
    })

  test.each([
    ['get', () => ['get', patient()]],
    ['list', () => ['list', '--q', 'moreau']],
    ['update --dry-run', () => ['update', patient(), '--sex', 'female', '--dry-run']],
  ])('is in no table of patients %s, unless it is said why it is shown', async (_what, args) => {
    const { familyName, birthDate } = await server
      .client('clinician')
      .records.patients.get.query({ id: patient() })
    const hidden = await casebook('patients', ...args())
    expect(hidden).toMatchObject({ code: 0, out: expect.stringContaining('•••••') })
    expect(hidden.out).not.toContain(familyName)
    expect(hidden.out).not.toContain(birthDate)
    const asked = await casebook('patients', ...args(), '--reveal')
    expect([asked.code, asked.out, asked.err]).toEqual([
      2,
      '',
      expect.stringContaining('--reveal needs --reason'),
    ])
    const reason = `looks at ${_what}`
    const shown = await casebook('patients', ...args(), '--reveal', '--reason', reason)
    expect(shown).toMatchObject({ code: 0, err: '', out: expect.stringContaining(familyName) })
    const action = args()[0] === 'list' ? 'records.patients.list' : 'records.patients.get'
    expect((await last(action))?.detail).toContain(`reason «${reason}»`)
  })

  test('is in JSON, which is for programs', async () => {
    const { json } = await casebook('patients', 'get', patient(), '--json')
    expect(json).toEqual(await server.client('clinician').records.patients.get.query({ id: patient() }))
  })
})
