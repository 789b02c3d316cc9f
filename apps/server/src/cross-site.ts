import { DomainError } from '@casebook/api'
import type { FastifyRequest } from 'fastify'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses changes that a cookie would carry from another site: by `Sec-Fetch-Site`, and where a browser is too
 * old for it by the full `Origin`. With neither header no browser is calling, and nothing is to be feared (the
 * rule of Go's CrossOriginProtection). Throws `cross-site`.
 */
export function assertSameOrigin(request: FastifyRequest, publicUrl: string): void {
  if (safeMethods.has(request.method)) return
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return
    throw new DomainError('cross-site')
  }
  const origin = request.headers.origin
  if (origin === undefined || origin === new URL(publicUrl).origin) return
  throw new DomainError('cross-site')
}
