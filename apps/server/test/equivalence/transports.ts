import { createCasebookClient, isCasebookError } from '@casebook/client'
import type { FastifyInstance } from 'fastify'
import type { Actor } from './actors.ts'
import type { Procedure } from './procedures.ts'
import type { RestRequest } from './rest-request.ts'

/** What a caller learns of a call, whatever it called by. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly reason: string; readonly fields: readonly string[] }
/** An answer with what only HTTP shows. */
export type HttpAnswer = { readonly answer: Answer; readonly status: number; readonly headers: object }

type Problem = {
  readonly code: string
  readonly type: string
  readonly errors?: readonly { readonly path: string }[]
}

function failed({ code, type, errors }: Problem): Answer {
  const fields = uniqueFields(errors ?? [])
  return { ok: false, code, reason: type.split('/').at(-1) ?? '', fields }
}

/** Names of invalid fields, each once: one may be wrong in several ways. */
function uniqueFields(errors: readonly { readonly path: string }[]): string[] {
  return [...new Set(errors.map(({ path }) => path))].toSorted()
}

const credentialOf = (actor: Actor) => (actor === 'nobody' ? {} : { authorization: `Bearer ${actor}` })

/** Calls over REST. */
export async function callRest(
  app: FastifyInstance,
  request: RestRequest,
  actor: Actor,
): Promise<HttpAnswer> {
  const { method, url, body } = request
  const answer = await app.inject({
    method,
    url,
    headers: {
      ...credentialOf(actor),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  const value: unknown = answer.body === '' ? null : answer.json()
  return {
    status: answer.statusCode,
    headers: answer.headers,
    answer: answer.statusCode < 400 ? { ok: true, value } : failed(value as Problem),
  }
}

/** Calls over tRPC, as its protocol says and without its client. */
export async function callTrpc(
  app: FastifyInstance,
  { name, type }: Pick<Procedure, 'name' | 'type'>,
  { input, actor }: { input: unknown; actor: Actor },
): Promise<HttpAnswer> {
  const text = JSON.stringify(input)
  const isQuery = type === 'query'
  const query = isQuery && text !== undefined ? `?input=${encodeURIComponent(text)}` : ''
  const answer = await app.inject({
    method: isQuery ? 'GET' : 'POST',
    url: `/trpc/${name}${query}`,
    headers: { ...credentialOf(actor), ...(isQuery ? {} : { 'content-type': 'application/json' }) },
    ...(isQuery || text === undefined ? {} : { payload: text }),
  })
  const { status, headers } = { status: answer.statusCode, headers: answer.headers }
  const body = answer.json<{ result?: { data: unknown }; error?: { data: Problem } }>()
  return {
    status,
    headers,
    answer:
      body.error === undefined ? { ok: true, value: body.result?.data ?? null } : failed(body.error.data),
  }
}

type Callable = Readonly<Record<'query' | 'mutate', (input: unknown) => Promise<unknown>>>

/** Calls by the typed client. */
export async function callClient(
  url: string,
  { name, type }: Pick<Procedure, 'name' | 'type'>,
  { input, token }: { input: unknown; token?: string | undefined },
): Promise<Answer> {
  const client = createCasebookClient({ url, retries: 0, token })
  const procedure = name
    .split('.')
    .reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], client) as Callable
  try {
    const value = await (type === 'query' ? procedure.query(input) : procedure.mutate(input))
    return { ok: true, value: value ?? null }
  } catch (error) {
    if (!isCasebookError(error)) throw error
    return { ok: false, code: error.code, reason: error.reason, fields: uniqueFields(error.errors) }
  }
}
