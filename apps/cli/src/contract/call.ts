import { randomUUID } from 'node:crypto'
import type { CallOptions, CasebookClient } from '@casebook/client'
import type { Input } from './input.ts'
import type { CommandSpec } from './spec.ts'

type Calls = {
  readonly query: (input: Input | undefined, options?: CallOptions) => Promise<unknown>
  readonly mutate: (input: Input | undefined, options?: CallOptions) => Promise<unknown>
}
type Page = { readonly items: object[]; readonly nextCursor: string | null }

/** Calls a procedure once. */
export function call(client: CasebookClient, spec: CommandSpec, input: Input): Promise<unknown> {
  const calls = callsOf(client, spec.procedure)
  const given = Object.keys(input).length === 0 ? undefined : input
  if (spec.kind === 'query') return calls.query(given)
  // Sent again after a broken connection, it is not done twice.
  return calls.mutate(given, spec.repeatable === true ? { idempotencyKey: randomUUID() } : {})
}

/** Reads a list as it comes: a number of items, or all of them. */
export async function* readList(
  client: CasebookClient,
  spec: Pick<CommandSpec, 'procedure' | 'stream'>,
  { limit, ...filters }: Input & { readonly limit?: unknown },
): AsyncGenerator<object, void, undefined> {
  let left = typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY
  const isWhole = left === Number.POSITIVE_INFINITY && spec.stream !== undefined
  const items = isWhole
    ? ((await callsOf(client, spec.stream ?? '').query(filters)) as AsyncIterable<object>)
    : readPages(callsOf(client, spec.procedure), filters, left)
  for await (const item of items) {
    yield item
    left -= 1
    if (left === 0) return
  }
}

async function* readPages(
  { query }: Calls,
  filters: Input,
  most: number,
): AsyncGenerator<object, void, undefined> {
  let cursor: string | null = null
  do {
    const at: Input = cursor === null ? {} : { cursor }
    const page = (await query({ ...filters, limit: Math.min(most, 1000), ...at })) as Page
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}

/** Finds the calls of a procedure by its name; the client's types are for names that are known beforehand. */
function callsOf(client: CasebookClient, procedure: string): Calls {
  const found = procedure
    .split('.')
    .reduce<unknown>((calls, name) => (calls as Record<string, unknown>)[name], client)
  return found as Calls
}
