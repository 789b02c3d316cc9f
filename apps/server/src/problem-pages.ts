import { errorCatalogue, isErrorReason, type ErrorReason } from '@casebook/api'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Serves a page for each problem type: what it means and what to do about it. */
export function registerProblemPages(app: FastifyInstance): void {
  app.get('/problems', (_request, reply) => html(reply, indexPage()))
  app.get<{ Params: { reason: string } }>('/problems/:reason', (request, reply) => {
    const { reason } = request.params
    return isErrorReason(reason) ? html(reply, problemPage(reason)) : reply.callNotFound()
  })
}

function html(reply: FastifyReply, body: string) {
  return reply.type('text/html; charset=utf-8').send(body)
}

function problemPage(reason: ErrorReason): string {
  const { title, hint, status, code } = errorCatalogue[reason]
  return page(
    title,
    `<p>${escape(hint)}</p>
<dl><dt>Problem type</dt><dd><code>/problems/${reason}</code></dd>
<dt>Code</dt><dd><code>${code}</code></dd>
<dt>Usual HTTP status</dt><dd>${status}</dd></dl>
<p><a href="/problems">All problems</a></p>`,
  )
}

function indexPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([reason, { title }]) =>
      `<li><a href="/problems/${reason}"><code>${reason}</code></a> ${escape(title)}</li>`,
  )
  return page('Problems', `<ul>\n${rows.join('\n')}\n</ul>`)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)} – Casebook</title>
<h1>${escape(title)}</h1>
${body}
</html>
`
}

/** Escapes text for HTML; backticks become code. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}
