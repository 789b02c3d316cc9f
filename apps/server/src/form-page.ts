import type { FastifyInstance, FastifyReply } from 'fastify'
import { escapeHtml, htmlPage } from './html-page.ts'

const policy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/**
 * Makes a scope for pages that the links of mails open: plain forms, sent to the page's own path. The key is the
 * only credential, so no cookie counts here, and another site has nothing to gain.
 */
export function registerFormPage(app: FastifyInstance, routes: (scope: FastifyInstance) => void): void {
  void app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply: FastifyReply) => {
      reply.header('cache-control', 'no-store').header('content-security-policy', policy)
    })
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16 * 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    routes(scope)
  })
}

/** Gives the key in the address of a page, or null when there is none, or more than one. */
export function keyOf({ key }: { key?: string | string[] }): string | null {
  return typeof key === 'string' && key !== '' ? key : null
}

/** Makes the page of a link that does not work, which says why and what to do. */
export function lostPage(advice: string, sentence = 'There is no key in this address.'): string {
  return htmlPage(
    'This link does not work',
    `<p class="alert" role="alert">${escapeHtml(sentence)}</p>
<p>${escapeHtml(advice)}</p>`,
  )
}
