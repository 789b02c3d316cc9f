import { appRouter, errorCatalogue, type ErrorReason, type Meta } from '@casebook/api'
import { createCasebookClient, isCasebookError } from '@casebook/client'
import { procedures as restProcedures, type Procedure } from '../../equivalence/procedures.ts'
import { restRequestOf } from '../../equivalence/rest-request.ts'
import type { Entry } from './entry.ts'

export type Transport = 'REST' | 'tRPC'
export type Call = {
  readonly url: string
  readonly token: string | undefined
  readonly input: unknown
  readonly headers: Readonly<Record<string, string>>
}

type Definition = { readonly _def: { readonly type: 'query' | 'mutation'; readonly meta: Meta } }

/** Every procedure of the contract by its name, as the router has it when it runs. */
export const procedures: Readonly<Record<string, Definition>> = Object.fromEntries(
  Object.entries(appRouter._def.procedures as unknown as Record<string, Definition>),
)

/** Transports by which a procedure is reached: streams are whole lists over REST, imports have no path. */
export function transportsOf({ procedure }: Entry): Transport[] {
  return restOf(procedure) === undefined ? ['tRPC'] : ['REST', 'tRPC']
}

type Rest = { readonly listed: Procedure; readonly isWhole: boolean }

function restOf(name: string): Rest | undefined {
  const own = restProcedures.find((one) => one.name === name)
  if (own !== undefined) return { listed: own, isWhole: false }
  const lists = restProcedures.find(({ rest }) => rest.list?.stream === name)
  return lists === undefined ? undefined : { listed: lists, isWhole: true }
}

/** Calls, and gives the word of the table for what came of it; a status that does not fit its reason is told as both. */
export function callBy(transport: Transport, procedure: string, call: Call): Promise<string> {
  return transport === 'REST' ? callRest(procedure, call) : callTrpc(procedure, call)
}

async function callRest(name: string, { url, token, input, headers }: Call): Promise<string> {
  const { listed, isWhole } = restOf(name) ?? { listed: undefined, isWhole: false }
  if (listed === undefined) throw new Error(`${name} has no path`)
  const isPaged = listed.rest.list !== undefined && !isWhole
  const request = restRequestOf(listed, isPaged ? { ...(input as object), limit: 50 } : input)
  if (request === null) throw new Error(`${name}: REST has no words for ${JSON.stringify(input)}`)
  const body = request.body === undefined ? null : JSON.stringify(request.body)
  const answer = await fetch(url + request.url, {
    method: request.method,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    body,
  })
  const text = await answer.text()
  const value: unknown = text === '' ? null : JSON.parse(text)
  const usual = listed.rest.status ?? (listed.rest.method === 'DELETE' ? 204 : 200)
  if (answer.status === usual) return Array.isArray(value) && value.length === 0 ? 'none' : 'ok'
  const reason = (value as { type: string }).type.split('/').at(-1) as ErrorReason
  const expected = listed.rest.statuses?.[reason] ?? errorCatalogue[reason].status
  if (answer.status !== expected) return `${answer.status} ${reason}`
  return reason === 'not-found' && listed.rest.emptyIsNotFound === true ? 'none' : wordOf(reason)
}

type Callable = Readonly<Record<'query' | 'mutate', (input: unknown) => Promise<unknown>>>

async function callTrpc(name: string, { url, token, input, headers }: Call): Promise<string> {
  const client = createCasebookClient({ url, retries: 0, token, headers })
  const path = name.split('.')
  const procedure = path.reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], client)
  const kind = procedures[name]?._def.type === 'mutation' ? 'mutate' : 'query'
  try {
    const value = await (procedure as Callable)[kind](input)
    const items = await itemsOf(value)
    return items?.length === 0 ? 'none' : 'ok'
  } catch (error) {
    if (!isCasebookError(error)) throw error
    return wordOf(error.reason)
  }
}

/** The items of a page or a stream; null for what is no list. */
async function itemsOf(value: unknown): Promise<unknown[] | null> {
  if (typeof value !== 'object' || value === null) return null
  if ('items' in value && Array.isArray(value.items)) return value.items
  if (!(Symbol.asyncIterator in value)) return null
  const items: unknown[] = []
  for await (const item of value as AsyncIterable<unknown>) items.push(item)
  return items
}

const words: Readonly<Record<string, string>> = {
  'not-authenticated': '401',
  'not-allowed': '403',
  'not-found': '404',
}

function wordOf(reason: string): string {
  return words[reason] ?? reason
}
