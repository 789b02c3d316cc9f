import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import helmet from 'helmet'

/** Adds helmet's headers to every answer. They are the same for all, and so made once. */
export function addSecurityHeaders(app: FastifyInstance, options: { readonly isSecure: boolean }): void {
  const headers = headersOf(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'none'"],
          frameAncestors: ["'none'"],
          styleSrc: ["'self'"],
          imgSrc: ['data:'],
          upgradeInsecureRequests: options.isSecure ? [] : null,
        },
      },
      strictTransportSecurity: options.isSecure ? { maxAge: 63_072_000 } : false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  )
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}

/** Hears which headers helmet sets. */
function headersOf(middleware: ReturnType<typeof helmet>): Readonly<Record<string, string>> {
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
