import { appRouter, errorCatalogue, failureOf } from '@casebook/api'
import type { FastifyInstance } from 'fastify'
import { anonymousContext, type ContextDeps } from './context.ts'
import { keyOf, lostPage, registerFormPage } from './form-page.ts'
import { escapeHtml, htmlPage, sendPage } from './html-page.ts'

const path = '/password-reset'
const title = 'Choose a new password'
const changed = 'The password is changed'
const advice =
  'A link works once and for 30 minutes, and a new one makes the old one void. Ask for another by `POST /api/user/password_reset_request` or where you log in.'

/** Serves the page that the link of a reset mail opens. */
export function registerResetPage(app: FastifyInstance, deps: ContextDeps): void {
  registerFormPage(app, (scope) => {
    scope.get<{ Querystring: { key?: string | string[] } }>(path, (request, reply) => {
      const key = keyOf(request.query)
      return sendPage(reply, key === null ? lostPage(advice) : formPage(key))
    })

    scope.post<{ Body: { key?: string; password?: string } | undefined }>(path, async (request, reply) => {
      const { key = '', password = '' } = request.body ?? {}
      const caller = appRouter.createCaller(anonymousContext(deps, { request, reply }))
      try {
        const { message } = await caller.auth.resetPassword({ key, password })
        return sendPage(reply, donePage(message))
      } catch (error) {
        const { reason, errors, detail } = failureOf(error)
        if (reason === 'unexpected') throw error
        const isOfPassword = reason === 'password-refused' || errors?.[0]?.path === 'password'
        const sentence = detail.replace(/^password: /, 'The password ').replace(/\.?$/, '.')
        reply.code(errorCatalogue[reason].status)
        return sendPage(reply, isOfPassword ? formPage(key, sentence) : lostPage(advice, sentence))
      }
    })
  })
}

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
<p>Every session of the account ends with it. A second factor stays as it is.</p>`,
  )
}

function donePage(message: string): string {
  return htmlPage(
    changed,
    `<p>${escapeHtml(message.replace(`${changed}. `, ''))}</p>
<p>All sessions of the account have ended.</p>`,
  )
}
