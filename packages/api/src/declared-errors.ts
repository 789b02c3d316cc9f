import { errorCatalogue, type ErrorCode, type ErrorReason } from './errors.ts'
import type { Meta } from './trpc.ts'

/** Reasons for which every call can fail, whatever it is. */
const common: readonly ErrorReason[] = [
  'invalid-input',
  'malformed-request',
  'unexpected',
  'overloaded',
  'not-authenticated',
]
const forChanges: readonly ErrorReason[] = [
  'cross-site',
  'timeout',
  'body-too-large',
  'unsupported-media-type',
]

export type DeclaredError = {
  readonly reason: ErrorReason
  readonly status: number
  readonly title: string
  readonly code: ErrorCode
}

/** Why a call with an API key is refused. */
function reasonsOfKeys({ keys }: Meta): readonly ErrorReason[] {
  if (keys === 'always') return []
  return [keys === 'refused' ? 'key-refused' : 'key-out-of-scope']
}

/** Gives every failure that a procedure declares, its own and the common ones, with their REST statuses. */
export function declaredErrors(meta: Meta): DeclaredError[] {
  const isChange = meta.rest !== undefined && meta.rest.method !== 'GET'
  const isGuarded = meta.access !== 'public' && meta.access !== 'user'
  const reasons = new Set<ErrorReason>([
    ...common,
    ...reasonsOfKeys(meta),
    ...(isGuarded ? (['not-allowed'] as const) : []),
    ...(isChange ? forChanges : []),
    ...(meta.errors ?? []),
  ])
  return [...reasons].map((reason) => {
    const { status, title, code } = errorCatalogue[reason]
    return { reason, status: meta.rest?.statuses?.[reason] ?? status, title, code }
  })
}
