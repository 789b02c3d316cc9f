import type { IncomingMessage } from 'node:http'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'

const docsPath = '/docs'

/** Spares `/docs` the redirect to `/docs/` that the page's plugin insists on: both are one path, as everywhere. */
export function rewriteDocsUrl(request: IncomingMessage): string {
  const { url = '/' } = request
  return url.replace(/^\/docs(?=\?|$)/, `${docsPath}/`)
}

/** Serves the OpenAPI document and its page, both from this machine alone. */
export async function registerDocs(app: FastifyInstance, document: object): Promise<void> {
  const text = JSON.stringify(document)
  // Who opens the address that the server prints wants to see what it is.
  app.get('/', (_request, reply) => reply.redirect(docsPath))
  app.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(text))

  await app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', pagePolicy)
    })
    await scope.register(scalar, {
      routePrefix: docsPath,
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Casebook API',
        favicon: 'data:,',
        cdn: `${docsPath}/js/scalar.js`,
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        hiddenClients: true,
        authentication: { preferredSecurityScheme: 'bearer' },
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}

/** The page is one script with its styles, served by us; it asks nobody else. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')
