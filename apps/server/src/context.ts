import { DomainError, type Caller, type Context, type IdempotencyKey, type Precondition } from '@casebook/api'
import type { Authenticated, AuthenticatedByKey, Keys, Services, Sessions } from '@casebook/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieNameOf, sessionCookie } from './cookies.ts'
import { readCredential } from './credentials.ts'
import { isCrossSite } from './cross-site.ts'
import { readReason } from './reason.ts'

export type ContextOptions = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly precondition?: Precondition | undefined
  readonly idempotency?: IdempotencyKey | undefined
}

/** What every call of a server is made with. */
export type ContextDeps = {
  /** Makes the services of one caller. */
  readonly servicesOf: (caller: Caller) => Services
  readonly sessions: Pick<Sessions, 'authenticate'>
  readonly keys: Pick<Keys, 'authenticate'>
  /** Where the service is reached from outside, without a trailing slash. */
  readonly publicUrl: string
}

/** Who calls: by a session, by an API key, or nobody; and why, where that is said. */
type Identity = Partial<Authenticated & AuthenticatedByKey> & { readonly reason?: string | undefined }

/** Makes what a call works with: who calls, and the services as this caller may use them. */
export async function createContext(deps: ContextDeps, options: ContextOptions): Promise<Context> {
  const identity = await authenticate(deps, options.request)
  return contextOf(deps, options, { ...identity, reason: readReason(options.request) })
}

/** The same, but a caller that is refused gets a context, too: the call then fails with the reason, and is audited. */
export async function contextEvenIfRefused(deps: ContextDeps, options: ContextOptions): Promise<Context> {
  try {
    return await createContext(deps, options)
  } catch (error) {
    if (error instanceof DomainError)
      return Object.assign(anonymousContext(deps, options), { refused: error })
    throw error
  }
}

/** Makes the context of a call of which it cannot be said who makes it. */
export function anonymousContext(deps: ContextDeps, options: ContextOptions): Context {
  return contextOf(deps, options, {})
}

function contextOf(
  deps: ContextDeps,
  { request, reply, precondition, idempotency }: ContextOptions,
  { user, session, key, obligations, reason }: Identity,
): Context {
  const caller: Caller = {
    user: user ?? null,
    session: session ?? null,
    key,
    obligations,
    requestId: request.id,
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
    reason,
    precondition,
    idempotency,
  }
  return Object.assign(deps.servicesOf(caller), {
    caller,
    publicUrl: deps.publicUrl,
    cookie: sessionCookie({ request, reply }, deps.publicUrl),
  })
}

/**
 * Finds out who calls. A bearer token or API key that is bad fails the call; a cookie that is no longer good is as
 * none, since a browser goes on sending it. Throws `not-authenticated`, `cross-site`.
 */
async function authenticate(deps: ContextDeps, request: FastifyRequest): Promise<Identity> {
  const credential = readCredential(request, cookieNameOf(deps.publicUrl))
  switch (credential.kind) {
    case 'none':
      return {}
    case 'malformed':
      throw new DomainError('not-authenticated')
    case 'bearer': {
      const authenticated = await deps.sessions.authenticate(credential.token, 'bearer')
      if (authenticated === null) throw new DomainError('not-authenticated')
      return authenticated
    }
    case 'key': {
      const authenticated = await deps.keys.authenticate(credential.key)
      if (authenticated === null) throw new DomainError('not-authenticated')
      return authenticated
    }
    case 'cookie':
      if (isCrossSite(request, deps.publicUrl)) throw new DomainError('cross-site')
      return (await deps.sessions.authenticate(credential.token, 'cookie')) ?? {}
  }
}
