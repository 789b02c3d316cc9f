import { appRouter, errorCatalogue, isErrorReason, type ErrorReason, type Meta } from '@casebook/api'
import { operationsOf } from '@casebook/rest'
import type { FastifyInstance } from 'fastify'
import { escapeHtml, htmlPage, sendPage } from './html-page.ts'

/** Serves a page for each problem type: what it means, what to do about it, and where it happens. */
export function registerProblemPages(app: FastifyInstance): void {
  app.get('/problems', (_request, reply) => sendPage(reply, indexPage()))
  app.get<{ Params: { reason: string } }>('/problems/:reason', (request, reply) => {
    const { reason } = request.params
    return isErrorReason(reason) ? sendPage(reply, problemPage(reason)) : reply.callNotFound()
  })
}

function problemPage(reason: ErrorReason): string {
  const { title, hint, status, code, exit } = errorCatalogue[reason]
  const places = placesOf(reason)
  const where = places.map((place) => `<li><code>${escapeHtml(place)}</code></li>`).join('\n')
  return htmlPage(
    title,
    `<h2>What to do</h2>
<p>${escapeHtml(hint)}</p>
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
      `<li><a href="/problems/${reason}"><code>${reason}</code></a> ${escapeHtml(title)}</li>`,
  )
  return htmlPage('Problems', `<ul>\n${rows.join('\n')}\n</ul>`)
}
