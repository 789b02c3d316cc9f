import { DomainError, type Caller, type ErrorReason } from '@casebook/api'
import type { Authenticated, Keys, Services, Sessions } from '@casebook/core'
import { exampleUserIds, type Actor } from './actors.ts'

/** What the services answer to the next call. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'items'; readonly items: readonly unknown[] }
  | { readonly kind: 'failure'; readonly reason: ErrorReason }

/** A call as it reached a service. */
export type Reached = { readonly service: string; readonly method: string; readonly input: unknown }

/** Services that do nothing but note what reaches them and answer what they are told to. */
export type Stubs = {
  readonly servicesOf: (caller: Caller) => Services
  readonly sessions: Pick<Sessions, 'authenticate'>
  readonly keys: Pick<Keys, 'authenticate'>
  plan(outcome: Outcome): void
  /** Gives what has been noted since it was last asked. */
  takeReached(): Reached[]
}

export function createStubs(): Stubs {
  let outcome: Outcome = { kind: 'value', value: null }
  let reached: Reached[] = []
  const answer = (service: string, method: string, args: readonly unknown[]) => {
    reached.push({ service, method, input: args.find((argument) => !isCookie(argument)) })
    if (outcome.kind === 'items') return iterate(outcome.items)
    return outcome.kind === 'value'
      ? Promise.resolve(outcome.value)
      : Promise.reject(new DomainError(outcome.reason))
  }
  const stub = (service: string) =>
    new Proxy(
      {},
      {
        get: (_, method) =>
          method === 'recordRefusal'
            ? () => Promise.resolve()
            : (...args: unknown[]) => answer(service, String(method), args),
      },
    )
  const names = ['auth', 'books', 'authors', 'patients', 'records', 'audit']
  const services = Object.fromEntries(names.map((name) => [name, stub(name)])) as unknown as Services
  return {
    servicesOf: () => ({ ...services }),
    sessions: { authenticate: (token) => Promise.resolve(authenticated(token)) },
    keys: { authenticate: () => Promise.resolve(null) },
    plan: (planned) => void (outcome = planned),
    takeReached() {
      const taken = reached
      reached = []
      return taken
    },
  }
}

async function* iterate(items: readonly unknown[]) {
  yield* items
}

function isCookie(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && 'clear' in argument
}

/** The token of an actor is its name. */
function authenticated(token: string): Authenticated | null {
  const ids = exampleUserIds[token as Actor]
  if (ids === undefined) return null
  const role = token === 'linked' ? 'reader' : (token as Exclude<Actor, 'linked' | 'nobody'>)
  const { id, patientId, sessionId } = ids
  return { user: { id, username: token, role, patientId }, session: { id: sessionId, kind: 'bearer' } }
}
