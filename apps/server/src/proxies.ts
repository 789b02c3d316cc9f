import { isIP } from 'node:net'
import type { z } from 'zod'

/** Whose X-Forwarded-For is believed: nobody's, or that of these addresses and networks. */
export type TrustedProxies = false | string

const names = new Set(['loopback', 'linklocal', 'uniquelocal'])

/**
 * Reads TRUST_PROXY. To believe everybody is not to be had: the address would be whatever a caller claims, and with it
 * every limit and the audit trail.
 */
export function proxiesOf(text: string, { issues }: z.core.ParsePayload): TrustedProxies {
  if (text === 'false') return false
  const wrong = text.split(',').find((part) => !isNetwork(part.trim()))
  if (wrong !== undefined) {
    const message = `«${wrong.trim()}» is no address or network: name those of your proxies, such as 10.0.0.7 or 10.0.0.0/8`
    issues.push({ code: 'custom', input: text, message })
  }
  return text
}

function isNetwork(text: string): boolean {
  if (names.has(text)) return true
  const [address = '', prefix, ...others] = text.split('/')
  const version = isIP(address)
  if (version === 0 || others.length > 0) return false
  if (prefix === undefined) return true
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)
}
