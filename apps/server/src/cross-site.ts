import type { FastifyRequest } from 'fastify'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Tells whether the page of another site asks for a change, for which no cookie counts: by `Sec-Fetch-Site`, and where a
 * browser is too old for it by the full `Origin`. With neither header no browser is calling, and nothing is to be feared
 * (the rule of Go's CrossOriginProtection).
 */
export function isCrossSite({ method, headers }: FastifyRequest, publicUrl: string): boolean {
  if (safeMethods.has(method)) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return headers.origin !== undefined && headers.origin !== new URL(publicUrl).origin
}
