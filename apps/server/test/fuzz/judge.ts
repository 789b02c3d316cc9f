import type { RawAnswer } from '../raw-http.ts'
import type { Documented } from './documented.ts'
import type { FuzzRequest } from './request.ts'
import { judgeTrpc } from './judge-trpc.ts'
import type { World } from './world.ts'

/** What an answer is not to be; null when it is in order. */
export type Verdict = string | null

/** Texts of the database, of a stack and of our files, which nobody is told. */
const insides = ['node_modules', '/src/', '.ts:', 'SQLSTATE', 'violates', 'syntax error', 'relation "']

/** Makes the judge of answers: what is wrong with this one, if anything? */
export function createJudge(world: World, documented: Documented) {
  return (request: FuzzRequest, answer: RawAnswer): Verdict => {
    const { status, headers, body } = answer
    if (status >= 500 && status !== 503) return `the status ${status}`
    if (status === 503 && !headers.has('retry-after')) return '503 without Retry-After'
    if (request.isForged === true && ![400, 401, 403, 503].includes(status))
      return `the status ${status} for a forged cursor`
    const leak = findLeak(request, answer, world)
    if (leak !== null) return leak
    const path = pathOf(request)
    const isPage = /^\/(docs|reset|problems)/.test(path) && status < 300
    if (!isPage) {
      const inside = insides.find((text) => body.includes(text))
      if (inside !== undefined) return `the answer tells of our insides: ${inside}`
    }
    if (!headers.has('x-request-id')) return 'no x-request-id'
    if (/^\/trpc(\/|$)/.test(path)) return judgeTrpc(request, answer, documented)
    return judgeRest(request, answer, documented)
  }
}

function findLeak({ actor }: FuzzRequest, { headers, body }: RawAnswer, { canaries }: World): Verdict {
  const told = JSON.stringify([...headers])
  const leaked = canaries.find(
    ({ text, seers }) => !seers.includes(actor) && (body.includes(text) || told.includes(text)),
  )
  return leaked === undefined ? null : `the canary of ${leaked.seers.join(', ')}, shown to ${actor}`
}

function judgeRest(request: FuzzRequest, answer: RawAnswer, documented: Documented): Verdict {
  const { status, headers, body } = answer
  if (status >= 400 && !isReadiness(request)) {
    const problem = documented.judgeProblem(answer)
    if (problem !== null && !(request.method === 'HEAD' && body.length === 0)) return problem
    if (isUnreadable(answer)) return null
  }
  if (status === 405) return headers.has('allow') ? null : '405 without Allow'
  const operation = documented.find(request.method === 'HEAD' ? 'GET' : request.method, pathOf(request))
  if (operation !== null) return operation.judge(answer, { hasBody: request.method !== 'HEAD' })
  const others = [200, 204, 301, 302, 304, 400, 404, 413, 415, 503]
  return others.includes(status) ? null : `the status ${status} outside of the document`
}

/** What Node's parser could not read is answered before any path is known, and the connection ended. */
function isUnreadable({ status, headers }: RawAnswer): boolean {
  return [400, 431].includes(status) && headers.get('connection') === 'close'
}

function isReadiness(request: FuzzRequest): boolean {
  return pathOf(request) === '/readyz'
}

/** The path of a request as the server reads it, also of one in absolute form (RFC 9112, 3.2.2). */
export function pathOf({ target }: FuzzRequest): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/)[0] ?? ''
  return path.replaceAll(/%[2-7][0-9a-f]/gi, (code) =>
    /%(2f|3f|23|25)/i.test(code) ? code : decodeURIComponent(code),
  )
}
