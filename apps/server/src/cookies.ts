import type { SessionCookie } from '@casebook/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isCrossSite } from './cross-site.ts'

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply }

/** Name of the session cookie: with the `__Host-` prefix on https (RFC 6265bis, 4.1.3.2). */
export function cookieNameOf(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-casebook_session' : 'casebook_session'
}

/** Makes the session cookie of one answer. */
export function sessionCookie({ request, reply }: Exchange, publicUrl: string): SessionCookie {
  const name = cookieNameOf(publicUrl)
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(publicUrl) } as const
  return {
    isCrossSite: isCrossSite(request, publicUrl),
    set: (token, expires) => void reply.setCookie(name, token, { ...options, expires }),
    clear: () => void reply.clearCookie(name, options),
  }
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:')
}
