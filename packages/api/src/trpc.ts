import { initTRPC, TRPCError } from '@trpc/server'
import { authorize, rolesOf, type Access } from './access.ts'
import type { Caller } from './caller.ts'
import type { Context } from './context.ts'
import { DomainError, type ErrorReason } from './errors.ts'
import { errorShape } from './error-shape.ts'
import { harmOf } from './harmless.ts'
import { refusalOfKey, type KeyedCall } from './key-scope.ts'
import { anyObligation, unmetObligation, type Obligation } from './obligations.ts'

/** An input that shows what a procedure is for; examples are checked and run by the tests. */
export type Example = { readonly summary: string; readonly input?: unknown; readonly output?: unknown }

/** How a procedure is reached over REST; the adapter's own type is the same in structure. */
export type RestMeta = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** `{x}` is the field `x` of the input. */
  readonly path: string
  readonly status?: 200 | 201 | 202 | 204
  /** Path of what was created; `{x}` is a field of the output. */
  readonly location?: string
  /** Regular expressions of path parameters, by which procedures with one path are told apart. */
  readonly match?: Readonly<Record<string, string>>
  /** The answer is a page; `stream` names the procedure that answers the whole list. */
  readonly list?: { readonly stream?: string }
  readonly emptyIsNotFound?: true | readonly string[]
  readonly statuses?: Readonly<
    Partial<Record<ErrorReason, 400 | 401 | 403 | 404 | 409 | 410 | 412 | 422 | 423 | 429>>
  >
  readonly input?: { readonly query?: readonly string[] }
}

export type Meta = {
  readonly access: Access
  /** What an account may still have to do and call it all the same. */
  readonly despite?: readonly Obligation[]
  readonly summary: string
  readonly description?: string
  readonly tags?: readonly string[]
  /** Reasons of its own for which the procedure fails; those that any call can have are not repeated. */
  readonly errors?: readonly ErrorReason[]
  readonly examples?: readonly Example[]
  readonly rest?: RestMeta
  /** Which API keys may call: none, or all whatever they are bounded to; without it, those whose scope it is in. */
  readonly keys?: 'refused' | 'always'
  /** A credential that is no longer good is as none: this is how one gets along without, or comes by another. */
  readonly staleCredential?: 'ignored'
  /** Sets the session cookie, which pages of other sites may not. */
  readonly setsCookie?: true
  /** Refusals are written to the audit trail. */
  readonly audited?: true
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    defaultMeta: { access: [], summary: '' },
    errorFormatter: ({ shape, error, ctx }) => errorShape(shape, error, ctx),
  })

/**
 * What every call goes through, in one step, since each step of tRPC's copies what it passes on: a call whose context
 * could not be made fails as the transport says; access, and what the account has to do first, is decided before
 * the input is parsed, so 401 comes before 400; and what cannot be stored is refused before a schema lets it through, since some texts are bounded by
 * their length alone. A DomainError becomes a tRPC error of the catalogue's code, with itself as the cause.
 */
const guarded = t.middleware(async ({ ctx, meta, path, type, getRawInput, next }) => {
  const refuse = async (error: unknown) => {
    if (meta?.audited && isOfCredential(error))
      await ctx.audit.recordRefusal({ action: path, input: await readInput(getRawInput) })
    throw error
  }
  if (ctx.refused !== undefined && !(meta?.staleCredential === 'ignored' && isStale(ctx.refused)))
    return refuse(ctx.refused)
  const refusal = refusalOf(ctx.caller, { path, type, meta })
  if (refusal !== null) return refuse(trpcErrorOf(refusal))
  if (meta?.setsCookie === true && ctx.cookie.isCrossSite) throw trpcErrorOf(new DomainError('cross-site'))
  const harm = harmOf(await getRawInput())
  if (harm !== null) throw trpcErrorOf(harm)
  const result = await next()
  if (result.ok || !(result.error.cause instanceof DomainError)) return result
  throw trpcErrorOf(result.error.cause)
})

type Called = Omit<KeyedCall, 'keys'> & { readonly meta: Meta | undefined }

/** Tells why a caller may not call at all: for what the account has to do first, for who it is, then for the key that it calls with. */
function refusalOf(caller: Caller, { path, type, meta }: Called): DomainError | null {
  const reason = unmetObligation(caller, meta?.despite) ?? authorize(meta?.access ?? [], caller)
  if (reason === 'not-allowed') return roleRefused(caller, meta?.access ?? [])
  if (reason !== null) return new DomainError(reason)
  return caller.key === undefined ? null : refusalOfKey(caller.key, { path, type, keys: meta?.keys })
}

/** Says which roles a call is for; the document says so, too. */
function roleRefused({ user }: Caller, access: Access): DomainError {
  const roles = rolesOf(access)
  if (user === null || roles.length === 0) return new DomainError('not-allowed')
  const detail = `Your role, ${user.role}, does not allow this: it is for ${roles.join(', ')}`
  return new DomainError('not-allowed', { detail })
}

const credentialReasons = new Set<ErrorReason>([
  'not-authenticated',
  'not-allowed',
  'cross-site',
  'key-refused',
  'key-out-of-scope',
  ...anyObligation,
])

/** Tells refusals of a caller from a database that is away, or a request that cannot be read. */
function isOfCredential(error: unknown): boolean {
  const reason = reasonOf(error)
  return reason !== null && credentialReasons.has(reason)
}

function isStale(error: unknown): boolean {
  return reasonOf(error) === 'not-authenticated'
}

function reasonOf(error: unknown): ErrorReason | null {
  const cause = error instanceof TRPCError ? error.cause : error
  return cause instanceof DomainError ? cause.reason : null
}

function trpcErrorOf(cause: DomainError): TRPCError {
  return new TRPCError({ code: cause.entry.code, message: cause.message, cause })
}

async function readInput(getRawInput: () => Promise<unknown>): Promise<unknown> {
  try {
    return await getRawInput()
  } catch {
    return undefined
  }
}

export const router = t.router

/** The one procedure from which all are made: errors of the catalogue, access before input. */
export const procedure = t.procedure.use(guarded)
