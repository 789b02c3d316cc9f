import { checkOutputs, declaredErrors, errorCatalogue, type ErrorReason } from '@casebook/api'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc, { type Arbitrary } from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actors, type Actor } from './equivalence/actors.ts'
import { inputsOf, outputsOf } from './equivalence/arbitraries.ts'
import { itemSchemaOf, jsonSchemaOf, procedures, type Procedure } from './equivalence/procedures.ts'
import { restRequestOf } from './equivalence/rest-request.ts'
import { createStubs, type Outcome } from './equivalence/stub-services.ts'
import { buildQuietApp } from './quiet-app.ts'
import { callClient, callRest, callTrpc, type Answer } from './equivalence/transports.ts'

/** Cases a procedure; many more by `EQUIVALENCE_RUNS`. */
const numRuns = Number(process.env['EQUIVALENCE_RUNS'] ?? 200)

const stubs = createStubs()
const undeclared: string[] = []
const counts = { cases: 0, accepted: 0 }
const ajv = new Ajv2020({ strict: false, validateFormats: false })
let app: FastifyInstance
let url: string

beforeAll(async () => {
  checkOutputs(true)
  app = await buildQuietApp({ ...stubs, onUndeclared: (what) => undeclared.push(what) })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  const { cases, accepted } = counts
  console.log(
    `${procedures.length} procedures, ${cases} cases in which all agreed, ${accepted} of them accepted`,
  )
  await app.close()
})

const outcomesOf = ({ meta, output, outputSchema }: Procedure): Arbitrary<Outcome> => {
  const value = outputsOf(outputSchema, output).map((made): Outcome => ({ kind: 'value', value: made }))
  const reasons = declaredErrors(meta).map(({ reason }) => reason)
  const failure = fc.constantFrom(...reasons).map((reason): Outcome => ({ kind: 'failure', reason }))
  return fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: failure })
}

/** A page is asked for by its limit; without one REST answers the whole list, which is another question. */
const withLimit = ({ rest }: Procedure, input: unknown) =>
  rest.list !== undefined && isFields(input) && input['cursor'] === undefined && input['limit'] === undefined
    ? { ...input, limit: 50 }
    : input

describe.each(procedures)('$name', (procedure) => {
  const { meta } = procedure
  const isInDocument = ajv.compile(procedure.input)

  test(`says the same over REST, over tRPC and by the client`, { timeout: 120_000 }, async () => {
    const cases = fc.record({
      input: inputsOf(procedure).map((input) => withLimit(procedure, input)),
      outcome: outcomesOf(procedure),
      actor: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...allowedActors(procedure)) },
        fc.constantFrom(...actors),
      ),
      order: fc.shuffledSubarray(['rest', 'trpc', 'client'] as const, { minLength: 3 }),
    })
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(cases, async ({ input, outcome, actor, order }) => {
        const request = restRequestOf(procedure, input)
        fc.pre(request !== null && JSON.stringify(input ?? null).length < 3500)
        if (request === null) return
        stubs.plan(outcome)
        const reached: Record<string, unknown> = {}
        const answers: Record<string, Answer> = {}
        const statuses: Record<string, number> = {}
        for (const transport of order) {
          if (transport === 'client') {
            answers[transport] = await callClient(url, procedure, {
              input,
              token: actor === 'nobody' ? undefined : actor,
            })
          } else {
            const http =
              transport === 'rest'
                ? await callRest(app, request, actor)
                : await callTrpc(app, procedure, { input, actor })
            answers[transport] =
              transport === 'rest' ? asListed(procedure, http.answer, http.headers) : http.answer
            statuses[transport] = http.status
          }
          reached[transport] = stubs.takeReached()
        }
        const { rest: overRest, trpc: overTrpc, client } = answers
        if (overTrpc === undefined || overRest === undefined) throw new Error('a transport was left out')

        expect(client).toEqual(overTrpc)
        expect(reached['client']).toEqual(reached['trpc'])
        expect(reached['rest']).toEqual(reached['trpc'])
        expect(overRest).toEqual(emptyIsNotFound(procedure, overTrpc, input))
        expect(statuses).toEqual({ rest: statusOf(procedure, overRest), trpc: plainStatusOf(overTrpc) })
        expect(undeclared).toEqual([])
        counts.cases += 1
        if ((reached['trpc'] as unknown[]).length === 0) return
        accepted += 1
        if (input !== undefined)
          expect(isInDocument(input), 'accepted, though the document refuses it').toBe(true)
      }),
      { numRuns, maxSkipsPerRun: 1000 },
    )
    counts.accepted += accepted
    expect(accepted, 'inputs that were accepted').toBeGreaterThan(numRuns / 5)
  })

  test('takes no text for a number and no number for text over tRPC, also after REST was used', async () => {
    const example = meta.examples?.find(({ input }) => isFields(input))?.input as object | undefined
    const [actor = 'nobody'] = allowedActors(procedure)
    const coerced: string[] = []
    stubs.takeReached()
    for (const [field, schema] of Object.entries(procedure.input.properties ?? {})) {
      const input = { ...example, [field]: schema.type === 'integer' ? '5' : 5 }
      await callTrpc(app, procedure, { input, actor })
      if (stubs.takeReached().length > 0) coerced.push(field)
    }
    expect(coerced).toEqual([])
  })
})

const streamed = procedures.flatMap((procedure) => {
  const stream = procedure.rest.list?.stream
  return stream === undefined ? [] : [{ procedure, name: procedure.name, stream }]
})

describe.each(streamed)('$name over REST without a limit', ({ procedure, stream }) => {
  test(`answers what ${stream} streams to the client`, { timeout: 60_000 }, async () => {
    const itemSchema = itemSchemaOf(stream)
    const items = fc.array(outputsOf(itemSchema, jsonSchemaOf(itemSchema, 'output')), { maxLength: 600 })
    const inputs = inputsOf(procedure).filter(
      (input) => isFields(input) && input['limit'] === undefined && input['cursor'] === undefined,
    )
    await fc.assert(
      fc.asyncProperty(inputs, items, async (input, listed) => {
        const request = restRequestOf(procedure, input)
        fc.pre(request !== null && JSON.stringify(input).length < 3500)
        if (request === null) return
        stubs.plan({ kind: 'items', items: listed })
        const overRest = await callRest(app, request, 'admin')
        const byRest = stubs.takeReached()
        const client = await callStream(stream, input)
        expect(stubs.takeReached()).toEqual(byRest)
        expect(overRest.answer).toEqual(emptyIsNotFound(procedure, client, input))
      }),
      { numRuns: Math.ceil(numRuns / 4), maxSkipsPerRun: 1000 },
    )
  })
})

/** Callers whose role lets them call at all. */
function allowedActors({ meta }: Procedure): Actor[] {
  const { access } = meta
  if (access === 'public') return [...actors]
  if (access === 'user') return actors.filter((actor) => actor !== 'nobody')
  const roles: readonly string[] = 'roles' in access ? [...access.roles, 'linked'] : access
  return actors.filter((actor) => roles.includes(actor))
}

/** Puts a REST list back into the page that tRPC answers. */
function asListed({ rest }: Procedure, answer: Answer, headers: object): Answer {
  if (rest.list === undefined || !answer.ok) return answer
  const link = 'link' in headers ? String(headers.link) : ''
  const next = /^<(.+)>; rel="next"$/.exec(link)?.[1]
  const nextCursor = next === undefined ? null : new URL(next).searchParams.get('cursor')
  return { ok: true, value: { items: answer.value, nextCursor } }
}

/** What REST makes of an answer over tRPC: on some paths an empty list is «not found». */
function emptyIsNotFound({ rest }: Procedure, answer: Answer, input: unknown): Answer {
  if (!answer.ok || rest.emptyIsNotFound === undefined) return answer
  const items = Array.isArray(answer.value) ? answer.value : (answer.value as { items: unknown[] }).items
  const isAsked =
    rest.emptyIsNotFound === true ||
    rest.emptyIsNotFound.some((field) => isFields(input) && input[field] !== undefined)
  if (items.length > 0 || !isAsked) return answer
  return { ok: false, code: 'NOT_FOUND', reason: 'not-found', fields: [] }
}

function statusOf({ rest }: Procedure, answer: Answer): number {
  if (answer.ok) return rest.status ?? (rest.method === 'DELETE' ? 204 : 200)
  return rest.statuses?.[answer.reason as ErrorReason] ?? plainStatusOf(answer)
}

function plainStatusOf(answer: Answer): number {
  return answer.ok ? 200 : errorCatalogue[answer.reason as ErrorReason].status
}

async function callStream(name: string, input: unknown): Promise<Answer> {
  const answer = await callClient(url, { name, type: 'query' }, { input, token: 'admin' })
  if (!answer.ok) return answer
  const value: unknown[] = []
  for await (const item of answer.value as AsyncIterable<unknown>) value.push(item)
  return { ok: true, value }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
