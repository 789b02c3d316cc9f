import { appRouter, errorCatalogue, isErrorReason, type ErrorReason, type Meta } from '@casebook/api'
import { operationsOf } from '@casebook/rest'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Serves a page for each problem type: what it means, what to do about it, and where it happens. */
export function registerProblemPages(app: FastifyInstance): void {
  app.get('/problems', (_request, reply) => html(reply, indexPage()))
  app.get('/problems.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style))
  app.get<{ Params: { reason: string } }>('/problems/:reason', (request, reply) => {
    const { reason } = request.params
    return isErrorReason(reason) ? html(reply, problemPage(reason)) : reply.callNotFound()
  })
}

function html(reply: FastifyReply, body: string) {
  return reply.type('text/html; charset=utf-8').send(body)
}

function problemPage(reason: ErrorReason): string {
  const { title, hint, status, code, exit } = errorCatalogue[reason]
  const places = placesOf(reason)
  const where = places.map((place) => `<li><code>${escape(place)}</code></li>`).join('\n')
  return page(
    title,
    `<h2>What to do</h2>
<p>${escape(hint)}</p>
<h2>How it looks</h2>
<dl>
<dt>Problem type</dt><dd><code>/problems/${reason}</code></dd>
<dt>HTTP status</dt><dd>${status}, unless the list below says another one</dd>
<dt>Code, over REST and tRPC</dt><dd><code>${code}</code></dd>
<dt>Typed client</dt><dd><code>error.reason === '${reason}'</code></dd>
<dt>Exit code of <code>casebook</code></dt><dd>${exit}</dd>
</dl>
${places.length === 0 ? '<p>Any call can meet it.</p>' : `<h2>Where it happens</h2>\n<ul>\n${where}\n</ul>`}
<p><a href="/problems">All problems</a> · <a href="/docs">All endpoints</a></p>`,
  )
}

/** The endpoints that declare a reason as one of their own. */
function placesOf(reason: ErrorReason): string[] {
  return operationsOf(appRouter, () => [])
    .filter(({ procedures }) => procedures.some(({ meta }) => (meta as Meta).errors?.includes(reason)))
    .map(({ method, path, procedures }) => {
      const statuses = procedures.map(({ meta }) => (meta as Meta).rest?.statuses?.[reason])
      const status = statuses.find((one) => one !== undefined) ?? errorCatalogue[reason].status
      return `${method} ${path} (${status})`
    })
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
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/problems.css">
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

const style = `body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b }
h1 { font-size: 1.6rem; line-height: 1.25 }
h2 { font-size: 1.1rem; margin-top: 2rem }
dt { color: #595959 }
dd { margin: 0 0 0.6rem }
li { margin: 0.3rem 0 }
code { font-size: 0.95em; background: #f2f2f2; padding: 0.1em 0.3em; border-radius: 0.2em }
a { color: #0a5ea8 }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #e8e8e8 }
  dt { color: #a8a8a8 }
  code { background: #2a2a2a }
  a { color: #7cb8ee }
}
`
