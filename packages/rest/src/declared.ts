import type { FastifyReply } from 'fastify'
import type { DeclaredFailure } from './openapi-responses.ts'
import type { ProcedureMeta } from './meta.ts'
import type { RestProcedure } from './walk.ts'

/** Failures that a procedure declares. */
export type FailuresOf = (meta: ProcedureMeta) => readonly DeclaredFailure[]

/** Says what an answer has that none of the procedures of its route declares, or null when all is declared. */
export type FindUndeclared = (reply: FastifyReply) => string | null

const listMedia = ['application/json', 'application/x-ndjson', 'text/csv']

/** Headers of ours by the statuses that have them; one of these anywhere else is not declared. */
const headersOfStatus: Readonly<Record<string, readonly string[]>> = {
  401: ['www-authenticate'],
  429: ['retry-after', 'ratelimit', 'ratelimit-policy'],
  503: ['retry-after'],
}

/** The headers of ours that an answer of these procedures may have. */
export function headersOf(procedures: readonly RestProcedure[], status: number): readonly string[] {
  // There may be a next page by now, though this one is as it was.
  const link = procedures.some(({ rest }) => rest.list !== undefined) ? ['link'] : []
  if (status === 304) return ['etag', ...link]
  if (status >= 300 || status === 204) return headersOfStatus[status] ?? []
  return [
    'etag',
    ...(procedures.some(({ rest }) => rest.location !== undefined) ? ['location'] : []),
    ...link,
  ]
}

const ours = ['etag', 'location', 'link', ...Object.values(headersOfStatus).flat()]

/** Compiles the check of the answers of one path and method. */
export function compileDeclared(
  procedures: readonly RestProcedure[],
  failuresOf: FailuresOf,
): FindUndeclared {
  const successes = new Set(procedures.map(statusOfSuccess))
  if (procedures.some(({ rest }) => rest.method === 'GET')) successes.add(304)
  const failures = new Set(procedures.flatMap(({ meta }) => failuresOf(meta).map(({ status }) => status)))
  const names = procedures.map(({ name }) => name).join(' or ')
  const media = mediaOf(procedures)

  return (reply) => {
    const status = reply.statusCode
    const type = String(reply.getHeader('content-type') ?? '').split(';')[0] ?? ''
    if (!successes.has(status) && !failures.has(status))
      return `${names}: the status ${status} is not declared`
    const header = ours.find((name) => reply.hasHeader(name) && !headersOf(procedures, status).includes(name))
    if (header !== undefined) return `${names}: ${status} with the header ${header}, which is not declared`
    const hasNoBody = status === 204 || status === 304
    if (hasNoBody) return null
    const allowed = status >= 400 ? ['application/problem+json'] : media
    return allowed.includes(type)
      ? null
      : `${names}: ${status} with «${type}», declared is ${allowed.join(', ')}`
  }
}

/** The content types in which procedures answer. */
export function mediaOf(procedures: readonly RestProcedure[]): readonly string[] {
  if (procedures.every((procedure) => statusOfSuccess(procedure) === 204)) return []
  return procedures.some(({ rest }) => rest.list !== undefined) ? listMedia : ['application/json']
}

/** The status of success of a procedure. */
export function statusOfSuccess({ rest }: RestProcedure): number {
  return rest.status ?? (rest.method === 'DELETE' ? 204 : 200)
}
