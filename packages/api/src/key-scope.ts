import type { CallerKey } from './caller.ts'
import { DomainError } from './errors.ts'
import type { Meta } from './trpc.ts'

/** A call that is made with an API key: name and type of the procedure, and what it says of keys. */
export type KeyedCall = {
  readonly path: string
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly keys: Meta['keys']
}

/**
 * Tells why a key may not make a call, and what it lacks, or null when it may. What its owner may not do is
 * decided elsewhere: a key bounds, and gives nothing.
 */
export function refusalOfKey(
  { access, domains }: CallerKey,
  { path, type, keys }: KeyedCall,
): DomainError | null {
  if (keys === 'always') return null
  if (keys === 'refused') return new DomainError('key-refused')
  const [domain = ''] = path.split('.')
  if (domains !== null && !domains.some((one) => one === domain)) {
    const detail = `This needs an API key for ${domain}; yours is for ${domains.join(', ')}.`
    return new DomainError('key-out-of-scope', { detail })
  }
  if (access === 'full' || type === 'query') return null
  const detail = 'This needs an API key with access full; yours has access read.'
  return new DomainError('key-out-of-scope', { detail })
}
