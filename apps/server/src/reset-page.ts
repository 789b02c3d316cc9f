import { appRouter, errorCatalogue, failureOf } from '@casebook/api'
import type { FastifyInstance } from 'fastify'
import { anonymousContext, type ContextDeps } from './context.ts'
import { escapeHtml, htmlPage, sendPage } from './html-page.ts'

const path = '/password-reset'
const title = 'Choose a new password'

/**
 * Serves the page that the link of a reset mail opens: a plain form, sent to this path. The key is the only
 * credential, so no cookie counts here, and another site has nothing to gain.
 */
export function registerResetPage(app: FastifyInstance, deps: ContextDeps): void {
  void app.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store').header('content-security-policy', pagePolicy)
    })
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16 * 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )

    scope.get<{ Querystring: { key?: string | string[] } }>(path, (request, reply) => {
      const { key } = request.query
      return sendPage(reply, typeof key === 'string' ? formPage(key) : lostPage())
    })

    scope.post<{ Body: { key?: string; password?: string } | undefined }>(path, async (request, reply) => {
      const { key = '', password = '' } = request.body ?? {}
      const caller = appRouter.createCaller(anonymousContext(deps, { request, reply }))
      try {
        await caller.auth.resetPassword({ key, password })
        return sendPage(reply, donePage())
      } catch (error) {
        const { reason, errors, detail } = failureOf(error)
        if (reason === 'unexpected') throw error
        const isOfPassword = reason === 'password-refused' || errors?.[0]?.path === 'password'
        const sentence = detail.replace(/^password: /, 'The password ').replace(/\.?$/, '.')
        reply.code(errorCatalogue[reason].status)
        return sendPage(reply, isOfPassword ? formPage(key, sentence) : lostPage(sentence))
      }
    })
  })
}

const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

function formPage(key: string, problem?: string): string {
  const alert = problem === undefined ? '' : `<p class="alert" role="alert">${escapeHtml(problem)}</p>`
  return htmlPage(
    title,
    `${alert}
<form method="post" action="${path}">
<input type="hidden" name="key" value="${escapeHtml(key)}">
<label for="password">New password, of at least 8 characters</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" maxlength="256" required autofocus>
<button>Set the password</button>
</form>
<p>Every session of the account ends with it.</p>`,
  )
}

function donePage(): string {
  return htmlPage('The password is changed', '<p>Log in with it. All sessions of the account have ended.</p>')
}

function lostPage(sentence = 'There is no key in this address.'): string {
  return htmlPage(
    'This link does not work',
    `<p class="alert" role="alert">${escapeHtml(sentence)}</p>
<p>A link works once and for 30 minutes, and a new one makes the old one void. Ask for another by
<code>POST /api/user/password_reset_request</code> or where you log in.</p>`,
  )
}
