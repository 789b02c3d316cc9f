import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'

const docsPath = '/docs'
const scriptPath = `${docsPath}/js/scalar.js`

/** Spares `/docs` the redirect to `/docs/` that the page's plugin insists on: both are one path, as everywhere. */
export function rewriteDocsUrl(request: IncomingMessage): string {
  const { url = '/' } = request
  return url.replace(/^\/docs(?=\?|$)/, `${docsPath}/`)
}

type Page = { readonly type: string; readonly text: string; readonly policy: string }

/** Serves the OpenAPI document and its page, both from this machine alone; both are made when first asked for. */
export function registerDocs(app: FastifyInstance, makeDocument: () => object): void {
  let text: string | undefined
  // Who opens the address that the server prints wants to see what it is.
  app.get('/', (_request, reply) => reply.redirect(docsPath))
  app.get('/openapi.json', (_request, reply) => {
    text ??= JSON.stringify(makeDocument())
    return reply.type('application/json; charset=utf-8').send(text)
  })

  let pages: Promise<Map<string, Page>> | undefined
  for (const path of [`${docsPath}/`, scriptPath]) {
    app.get(path, async (_request, reply) => {
      pages ??= makePages()
      const page = (await pages).get(path)
      if (page === undefined) throw new Error(`the plugin of the docs page has no ${path}`)
      return reply.header('content-security-policy', page.policy).type(page.type).send(page.text)
    })
  }
}

/** Makes the page and its script. The plugin for it comes to 5 MB, too much to read at every start. */
async function makePages(): Promise<Map<string, Page>> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const maker = fastify({ routerOptions: { ignoreTrailingSlash: true } })
  await maker.register(scalar, {
    routePrefix: docsPath,
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Casebook API',
      favicon: 'data:,',
      cdn: scriptPath,
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
  const pages = new Map<string, Page>()
  for (const path of [`${docsPath}/`, scriptPath]) {
    const { headers, body } = await maker.inject(path)
    pages.set(path, { type: String(headers['content-type']), text: body, policy: policyOf(body) })
  }
  return pages
}

/** The page is one script with its styles, served by us, and a few lines of its own that start it; it asks nobody else. */
function policyOf(page: string): string {
  const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, text = '']) => text,
  )
  const hashes = inline.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...hashes].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}
