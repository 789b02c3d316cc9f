import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inputsOf } from './equivalence/arbitraries.ts'
import { procedures, type Procedure } from './equivalence/procedures.ts'
import { restRequestOf } from './equivalence/rest-request.ts'
import { callClient } from './equivalence/transports.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

/** Requests a procedure over each transport; many more by `FUZZ_RUNS`. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 40)

/** What ends the sessions that the others call with. */
const ending = new Set(['auth.logout', 'auth.sessions.revokeAll', 'auth.changePassword'])
const roles: readonly Role[] = ['admin', 'editor', 'author', 'clinician', 'linked']

describe('on a real database, nothing that is sent makes it fail', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  /** Puts ids of what there is into the fields that have ids. */
  const withRealIds = (procedure: Procedure, input: unknown): unknown => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
    const kind = procedure.name.startsWith('books.authors')
      ? '{author}'
      : procedure.name.startsWith('books')
        ? '{book}'
        : procedure.name.startsWith('records.patients')
          ? '{patient}'
          : '{record}'
    const known = {
      id: server.fill(kind),
      patientId: server.fill('{patient}'),
      authorId: server.fill('{author}'),
    }
    return { ...input, ...Object.fromEntries(Object.entries(known).filter(([name]) => name in input)) }
  }

  test.each(procedures.filter(({ name }) => !ending.has(name)))(
    '$name',
    { timeout: 120_000 },
    async (procedure) => {
      const cases = fc.record({
        input: inputsOf(procedure),
        isReal: fc.boolean(),
        as: fc.constantFrom(...roles),
      })
      await fc.assert(
        fc.asyncProperty(cases, async ({ input: given, isReal, as }) => {
          const input = isReal ? withRealIds(procedure, given) : given
          const request = restRequestOf(procedure, input)
          fc.pre(request !== null && JSON.stringify(input ?? null).length < 3500)
          if (request === null) return
          const { method, url, body } = request
          const overRest = await server.request(method, url, { as, ...(body === undefined ? {} : { body }) })
          expect(overRest.status, overRest.text).toBeLessThan(500)
          const overTrpc = await callClient(server.url, procedure, { input, token: server.tokenOf(as) })
          expect(overTrpc.ok ? '' : overTrpc.code).not.toMatch(/INTERNAL_SERVER_ERROR|UNREACHABLE/)
        }),
        { numRuns, maxSkipsPerRun: 1000 },
      )
    },
  )
})
