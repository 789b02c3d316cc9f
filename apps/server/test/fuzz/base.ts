import type { Access } from '@casebook/api'
import fc from 'fast-check'
import { inputsOf } from '../equivalence/arbitraries.ts'
import { callables, procedures, type Callable, type Procedure } from '../equivalence/procedures.ts'
import { restRequestOf } from '../equivalence/rest-request.ts'
import type { Dice } from './dice.ts'
import type { FuzzRequest } from './request.ts'
import type { World } from './world.ts'

export type Base = Pick<FuzzRequest, 'of' | 'method' | 'target' | 'headers' | 'body'> & {
  /** Who may call at all, where that is said. */
  readonly access?: Access
}
type MakeBase = (dice: Dice) => Base

/** Inputs a procedure that the requests are made from. */
const poolSize = 120
const json = ['content-type', 'application/json'] as const
/** How a stream is asked for: by a batch, even of one. */
const streamed = ['trpc-accept', 'application/jsonl'] as const
const form = { headers: [], body: null } as const

/** Paths that are not in the document. */
const otherPaths = [
  ['/', '/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/docs/', '/reset', '/problems'],
  [
    '/problems/not-found',
    '/problems/nothing',
    '/trpc',
    '/trpc/',
    '/trpc/nothing',
    '/api',
    '/api/',
    '/records/',
  ],
  ['/favicon.ico', '/.env', '/api/books/../user/me', '//api/books', '/api//books', '/API/BOOKS', '*', '/%'],
  ['http://127.0.0.1/api/books', 'http://evil.example/api/books', '/api/books/%2e%2e/%2e%2e', '/;/api/books'],
].flat() as [string, ...string[]]

/** Makes what makes sound requests, or nearly so, of everything that the contract names. */
export function createBases(world: World, seed: number): MakeBase {
  const pools = new Map<string, readonly unknown[]>()
  for (const callable of callables)
    pools.set(callable.name, fc.sample(inputsOf(callable), { numRuns: poolSize, seed }))
  const rest = new Map(procedures.map((procedure) => [procedure.name, procedure]))
  const names = callables as [Callable, ...Callable[]]

  const inputFor = (callable: Callable, dice: Dice): unknown => {
    const pool = pools.get(callable.name) ?? []
    const input = pool[dice.below(pool.length)]
    return dice.isLucky(0.6) ? withRealIds(input, callable, { world, dice }) : input
  }

  const overRest = (procedure: Procedure, dice: Dice): Base | null => {
    const request = restRequestOf(procedure, inputFor(procedure, dice))
    if (request === null) return null
    const { method, url, body } = request
    const base = { ...form, of: `REST ${procedure.name}`, method, target: paged(procedure, url, dice) }
    if (method === 'GET' || method === 'DELETE') return base
    return { ...base, headers: [json], body: Buffer.from(JSON.stringify(body ?? {})) }
  }

  const overTrpc = (callable: Callable, dice: Dice): Base => {
    const { name, type } = callable
    const text = JSON.stringify(inputFor(callable, dice))
    const of = `tRPC ${name}`
    if (type === 'mutation')
      return { of, method: 'POST', target: `/trpc/${name}`, headers: [json], body: Buffer.from(text ?? '') }
    const base = { ...form, of, method: 'GET' }
    if (dice.isLucky(0.3)) {
      const input = encodeURIComponent(`{"0":${text ?? '{}'}}`)
      return { ...base, target: `/trpc/${name}?batch=1&input=${input}`, headers: [streamed] }
    }
    const query = text === undefined ? '' : `?input=${encodeURIComponent(text)}`
    return { ...base, target: `/trpc/${name}${query}` }
  }

  const inBatch = (dice: Dice): Base => {
    const type = dice.pick(['query', 'mutation'] as const)
    const fitting = callables.filter((one) => one.type === type || dice.isLucky(0.02))
    const calls = Array.from({ length: 1 + dice.below(12) }, () =>
      dice.pick(fitting as [Callable, ...Callable[]]),
    )
    const target = `/trpc/${calls.map(({ name }) => name).join(',')}?batch=${dice.pick(['1', '1', '1', '2', ''])}`
    const inputs = JSON.stringify(Object.fromEntries(calls.map((one, index) => [index, inputFor(one, dice)])))
    if (type === 'mutation')
      return { of: 'tRPC batch', method: 'POST', target, headers: [json], body: Buffer.from(inputs) }
    return {
      ...form,
      of: 'tRPC batch',
      method: 'GET',
      target: `${target}&input=${encodeURIComponent(inputs)}`,
    }
  }

  return (dice) => {
    const callable = dice.pick(names)
    const procedure = rest.get(callable.name)
    const kind = dice.below(100)
    if (kind < 6) return { ...form, of: 'other paths', method: 'GET', target: dice.pick(otherPaths) }
    if (kind < 12) return inBatch(dice)
    const found = kind < 60 && procedure !== undefined ? overRest(procedure, dice) : null
    return { ...(found ?? overTrpc(callable, dice)), access: callable.meta.access }
  }
}

/** Mostly asks for a page, since whole lists grow while others are written. */
function paged({ rest }: Procedure, url: string, dice: Dice): string {
  if (rest.list === undefined || url.includes('limit=') || dice.isLucky(0.1)) return url
  return `${url}${url.includes('?') ? '&' : '?'}limit=${1 + dice.below(20)}`
}

/** Puts ids of what there is into the fields that have ids. */
function withRealIds(
  input: unknown,
  { name }: Callable,
  { world: { ids }, dice }: { world: World; dice: Dice },
): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const own = /patients/.test(name) ? 'pat' : /authors/.test(name) ? 'author' : (name.split('.')[0] ?? '')
  const kinds: Record<string, string> = { id: own, patientId: 'pat', authorId: 'author' }
  const prefixes: Record<string, string> = { books: 'book', records: 'rec', auth: 'user' }
  const replaced = Object.entries(input).map(([field, value]) => {
    const kind = kinds[field]
    const known = kind === undefined ? undefined : ids[prefixes[kind] ?? kind]
    return [field, known === undefined ? value : dice.pick(known)]
  })
  return Object.fromEntries(replaced)
}
