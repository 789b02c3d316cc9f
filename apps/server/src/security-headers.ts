import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import helmet from 'helmet'

export type Headers = Readonly<Record<string, string>>

/** Makes helmet's headers for every answer. They are the same for all, and so made once. */
export function securityHeaders(publicUrl: string): Headers {
  const isSecure = publicUrl.startsWith('https:')
  return headersOf(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'none'"],
          frameAncestors: ["'none'"],
          styleSrc: ["'self'"],
          imgSrc: ['data:'],
          upgradeInsecureRequests: isSecure ? [] : null,
        },
      },
      strictTransportSecurity: isSecure ? { maxAge: 63_072_000 } : false,
      frameguard: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
    }),
  )
}

/** Adds them to all that hooks run for. */
export function addSecurityHeaders(app: FastifyInstance, headers: Headers): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}

/** Hears which headers helmet sets. */
function headersOf(middleware: ReturnType<typeof helmet>): Headers {
  const headers: Record<string, string> = {}
  const response = {
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    removeHeader: () => undefined,
  }
  middleware({} as IncomingMessage, response as unknown as ServerResponse, (error?: unknown) => {
    if (error instanceof Error) throw error
  })
  return headers
}
