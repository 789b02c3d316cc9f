import { appRouter, authorize, type Meta } from '@casebook/api'
import { RequestError } from '@casebook/rest'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { contextEvenIfRefused, type ContextDeps } from './context.ts'

const bodyLimit = 1024 * 1024
/** A thousand rows with long notes fit in. */
export const importBodyLimit = 16 * 1024 * 1024

/**
 * Gives the bytes that the body of a request over tRPC may have: as many as anywhere, and more for an import alone by
 * somebody who may import. Who that is is asked only about a body that is long, or does not say how long it is. Throws
 * RequestError for one that says that it is longer.
 */
export async function limitBody(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ContextDeps,
): Promise<number> {
  const length = Number(request.headers['content-length'])
  const limit = length <= bodyLimit ? bodyLimit : await limitOf(request, reply, deps)
  if (!(length > limit)) return limit
  // Of what is on its way nothing is read.
  reply.header('connection', 'close')
  throw bodyTooLong(limit)
}

/** Makes the failure of a body of more bytes than are taken. */
export function bodyTooLong(limit: number): RequestError {
  return new RequestError('PAYLOAD_TOO_LARGE', `A body may have ${limit} bytes.`)
}

async function limitOf(request: FastifyRequest, reply: FastifyReply, deps: ContextDeps): Promise<number> {
  const { path } = request.params as { path: string }
  const access = path.endsWith('.import') ? accessOf(path) : undefined
  if (access === undefined) return bodyLimit
  const { caller } = await contextEvenIfRefused(deps, { request, reply })
  return authorize(access, caller) === null ? importBodyLimit : bodyLimit
}

function accessOf(path: string): Meta['access'] | undefined {
  const procedures = appRouter._def.procedures as unknown as Readonly<
    Record<string, { _def: { meta?: Meta } } | undefined>
  >
  return procedures[path]?._def.meta?.access
}
