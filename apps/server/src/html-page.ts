import type { FastifyInstance, FastifyReply } from 'fastify'

/** Serves what every page of ours shares. */
export function registerPageStyle(app: FastifyInstance): void {
  app.get('/page.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style))
}

export function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(text)
}

/** Makes a page of plain HTML that needs no script; `body` is HTML already. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} – Casebook</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`
}

/** Escapes text for HTML and its attributes; what stands between backticks becomes code. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
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
label { display: block; margin: 1.2rem 0 0.3rem }
input { font: inherit; padding: 0.4rem 0.6rem; width: 100%; box-sizing: border-box }
button { font: inherit; margin-top: 1rem; padding: 0.5rem 1.2rem }
.alert { border-left: 0.3rem solid #b3261e; padding-left: 0.8rem }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #e8e8e8 }
  dt { color: #a8a8a8 }
  code { background: #2a2a2a }
  a { color: #7cb8ee }
}
`
