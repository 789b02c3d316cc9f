import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectralCore from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'
import openapiTypes, { astToString } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './start-test-server.ts'

const folder = join(import.meta.dirname, 'openapi')

let server: TestServer
let text: string
beforeAll(async () => {
  server = await startTestServer()
  text = (await server.request('GET', '/openapi.json')).text
})
afterAll(() => server[Symbol.asyncDispose]())

describe('the document', () => {
  test('is without a fault by the recommended rules of Redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config })
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
  })

  test('is without a warning by all rules of Spectral', async () => {
    const spectral = new spectralCore.Spectral()
    // An e-mail address that nobody reads is no contact; an SPDX identifier excludes a URL; tags are in order of use.
    const rules = {
      'contact-properties': 'off',
      'license-url': 'off',
      'openapi-tags-alphabetical': 'off',
    } as const
    spectral.setRuleset({ extends: [[rulesets.oas as never, 'all']], rules })
    const found = await spectral.run(JSON.parse(text) as Record<string, unknown>)
    expect(found.map(({ code, message, path }) => `${code}: ${message} (${path.join('.')})`)).toEqual([])
  })

  test('says of every operation what it is for, how it is called, what it answers and how it fails', () => {
    const document = JSON.parse(text) as { paths: Record<string, Record<string, Operation>> }
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ ...operation, path, method })),
    )
    expect(operations.length).toBeGreaterThan(35)
    const unexplained = operations.filter(
      (operation) =>
        operation.summary === '' ||
        operation.description === operation.summary ||
        operation.security === undefined ||
        operation['x-codeSamples']?.length !== 2 ||
        !Object.entries(operation.responses).every(([status, { content }]) => isShown(status, content)) ||
        !['400', '500', '503'].every((status) => status in operation.responses),
    )
    expect(unexplained.map(({ operationId }) => operationId)).toEqual([])
  })

  test('declares 429 where there is a limit, with what says how long to wait', () => {
    const { paths } = JSON.parse(text) as {
      paths: Record<string, Record<string, { responses: Record<string, { headers?: object }> }>>
    }
    const limited = Object.entries(paths).flatMap(([path, item]) =>
      Object.values(item).flatMap(({ responses }) => {
        const headers = responses['429']?.headers
        return headers === undefined ? [] : [[path, Object.keys(headers).join(' ')]]
      }),
    )
    const waiting = 'x-request-id retry-after ratelimit ratelimit-policy'
    const actions = [
      'register',
      'login',
      'login_session',
      'password',
      'password_reset',
      'password_reset_request',
      'email_verification_request',
      'me',
      'totp',
      'totp/disable',
      'totp/confirm',
      'totp/recovery_codes',
    ]
    expect(Object.fromEntries(limited)).toEqual(
      Object.fromEntries(actions.map((action) => [`/api/user/${action}`, waiting])),
    )
  })

  test('makes types that compile, with which a client finds its way', async () => {
    const types = astToString(await openapiTypes(text))
    writeFileSync(join(folder, 'schema.d.ts'), types)
    const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc')
    execFileSync(tsc, ['--project', folder, '--pretty', 'false'], { encoding: 'utf8' })

    const { runFlow } = (await import(join(folder, 'flow.ts'))) as FlowModule
    expect(await runFlow(server)).toEqual({
      registered: 'flora',
      again: 'username-taken',
      me: 'flora@example.com',
      refused: 'FORBIDDEN',
      page: 5,
      books: 32,
      different: 32,
      amended: { before: 1, title: 'Said better', status: 'amended', stale: 412, versions: 2 },
      reset: 200,
      after: 401,
    })
  })
})

type Response = { readonly content?: Readonly<Record<string, { readonly examples?: object }>> }
type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly security?: readonly object[]
  readonly responses: Readonly<Record<string, Response>>
  readonly 'x-codeSamples'?: readonly object[]
}
type FlowModule = { readonly runFlow: (server: TestServer) => Promise<unknown> }

/** Every answer with a body shows one. */
function isShown(status: string, content: Response['content']): boolean {
  if (status === '204' || status === '304') return content === undefined
  return (
    content?.['application/json']?.examples !== undefined ||
    content?.['application/problem+json']?.examples !== undefined
  )
}
