import { appRouter, errorCatalogue, failureOf } from '@casebook/api'
import type { FastifyInstance } from 'fastify'
import { anonymousContext, type ContextDeps } from './context.ts'
import { keyOf, lostPage, registerFormPage } from './form-page.ts'
import { escapeHtml, htmlPage, sendPage } from './html-page.ts'

const path = '/email-verification'
const advice =
  'A link works once and for 24 hours, a new one makes the old one void, and so does another address. If the address is verified already, nothing is left to do; otherwise ask for another link by `POST /api/user/email_verification_request`.'

/**
 * Serves the page that the link of a verification mail opens. Opening it changes nothing, since programs that look
 * over mail open links, too: it is the button that verifies.
 */
export function registerVerificationPage(app: FastifyInstance, deps: ContextDeps): void {
  registerFormPage(app, (scope) => {
    scope.get<{ Querystring: { key?: string | string[] } }>(path, (request, reply) => {
      const key = keyOf(request.query)
      return sendPage(reply, key === null ? lostPage(advice) : formPage(key))
    })

    scope.post<{ Body: { key?: string } | undefined }>(path, async (request, reply) => {
      const { key = '' } = request.body ?? {}
      const caller = appRouter.createCaller(anonymousContext(deps, { request, reply }))
      try {
        await caller.auth.verifyEmail({ key })
        return sendPage(reply, donePage())
      } catch (error) {
        const { reason, detail } = failureOf(error)
        if (reason === 'unexpected') throw error
        reply.code(errorCatalogue[reason].status)
        return sendPage(reply, lostPage(advice, detail.replace(/\.?$/, '.')))
      }
    })
  })
}

function formPage(key: string): string {
  return htmlPage(
    'Is this your address?',
    `<p>Somebody gave the address that this mail came to for an account at Casebook. If it was you, say so.</p>
<form method="post" action="${path}">
<input type="hidden" name="key" value="${escapeHtml(key)}">
<button autofocus>Verify the address</button>
</form>
<p>If it was not you, close this page: nothing happens.</p>`,
  )
}

function donePage(): string {
  return htmlPage('The address is verified', '<p>You can close this page.</p>')
}
