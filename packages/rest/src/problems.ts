import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Problem, ProcedureMeta } from './meta.ts'
import { RequestError } from './request-error.ts'

/** Says what the caller may know of an error; `meta` is of the procedure that failed, where there was one. */
export type ProblemOf = (error: unknown, meta: ProcedureMeta | undefined) => Problem

/** Answers with a problem (RFC 9457), and logs what was unexpected. */
export function sendProblem(reply: FastifyReply, problem: Problem, error?: unknown): FastifyReply {
  const request = reply.request
  const { retryAfterSeconds, headers = {}, ...members } = problem
  const { type, title, status, detail, code, errors } = members
  if (status >= 500 && status !== 503)
    request.log.error({ err: error, requestId: request.id }, 'unexpected error')
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="api"')
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(retryAfterSeconds))
  reply.removeHeader('etag')
  return reply
    .code(status)
    .headers(headers)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({
        type,
        title,
        status,
        detail,
        instance: pathOf(request),
        code,
        requestId: request.id,
        errors,
      }),
    )
}

/** Turns errors of Fastify, about the request itself, into ours; gives others back. */
export function requestErrorOf(error: unknown, request: FastifyRequest): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new RequestError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.', {
        cause: error,
      })
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RequestError(
        'PAYLOAD_TOO_LARGE',
        `A body may have ${request.routeOptions.bodyLimit} bytes.`,
        {
          cause: error,
        },
      )
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new RequestError('NOT_FOUND', 'There is no such thing.', { cause: error })
    default:
      return isOfRequest(error)
        ? new RequestError('BAD_REQUEST', 'The request is malformed.', { cause: error })
        : error
  }
}

/** Tells whether Fastify says of an error that the request is to blame. */
function isOfRequest(error: Error & { readonly code?: unknown }): boolean {
  const status = 'statusCode' in error ? Number(error.statusCode) : 500
  return String(error.code).startsWith('FST_ERR_') && status >= 400 && status < 500
}

/** The problem of an error where a server has no catalogue of its own: type `about:blank`, titles by code. */
export const defaultProblemOf: ProblemOf = (error) => {
  const known =
    error instanceof TRPCError
      ? error
      : new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'Unexpected error' })
  const status = getHTTPStatusCodeFromError(known)
  const title = known.code.toLowerCase().replaceAll('_', ' ')
  const issues = known.cause instanceof z.ZodError ? known.cause.issues : undefined
  const errors = issues?.map(({ path, message }) => ({ path: path.join('.'), message }))
  const isOurs = status < 500 && known.cause === undefined
  return {
    type: 'about:blank',
    title,
    status,
    code: known.code,
    ...(isOurs ? { detail: known.message } : {}),
    ...(errors === undefined ? {} : { errors }),
  }
}

function pathOf(request: FastifyRequest): string {
  return request.raw.url?.split('?')[0] ?? '/'
}
