import type { appRouter, Context } from '@casebook/api'
import { pacedText, type Pace } from '@casebook/rest'
import { incomingMessageToRequest, type NodeHTTPRequest } from '@trpc/server/adapters/node-http'
import { resolveResponse, type HTTPBaseHandlerOptions, type TRPCRequestInfo } from '@trpc/server/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TrpcContext } from './trpc-router.ts'
import { createAnswerTexts, type AnswerTexts } from './trpc-texts.ts'

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply }
export type TrpcHandlerOptions = HTTPBaseHandlerOptions<typeof appRouter, Request> & {
  readonly createContext: (exchange: Exchange, info: TRPCRequestInfo) => Promise<Context>
  /** How slowly an answer in lines may be read. */
  readonly pace: Pace
}

/**
 * Makes what answers requests of tRPC, in the place of tRPC's own adapter for Fastify: tRPC writes the answer, and the
 * texts that are stored of values are put into it.
 */
export function createTrpcHandler({ createContext, pace, ...options }: TrpcHandlerOptions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const texts = createAnswerTexts()
    const onClose = (callback: () => void) => void reply.raw.once('close', callback)
    const response = await resolveResponse({
      ...options,
      req: requestOf(request, reply),
      path: (request.params as { path: string }).path,
      error: null,
      createContext: async ({ info }): Promise<TrpcContext> =>
        Object.assign(await createContext({ request, reply }, info), { texts, onClose }),
    })
    return sendResponse(reply, response, { texts, pace })
  }
}

function requestOf({ raw, body }: FastifyRequest, reply: FastifyReply): Request {
  const message: NodeHTTPRequest = Object.assign(raw, { body })
  return incomingMessageToRequest(message, reply.raw, { maxBodySize: null })
}

async function sendResponse(
  reply: FastifyReply,
  response: Response,
  { texts, pace }: { readonly texts: AnswerTexts; readonly pace: Pace },
): Promise<FastifyReply> {
  reply.code(response.status).headers(Object.fromEntries(response.headers))
  // What tRPC refuses before it knows the call has the type that a text has by itself.
  if (response.headers.get('content-type')?.startsWith('text/plain')) reply.type('application/json')
  if (response.body === null) return reply.send()
  if (!response.headers.has('transfer-encoding')) return reply.send(texts.fill(await response.text()))
  return reply.send(pacedText(filledLines(response.body, texts), pace))
}

async function* filledLines(
  body: ReadableStream<Uint8Array>,
  texts: AnswerTexts,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let begun = ''
  for await (const chunk of body) {
    const lines = (begun + decoder.decode(chunk, { stream: true })).split('\n')
    begun = lines.pop() ?? ''
    for (const line of lines) yield `${texts.fillLine(line)}\n`
  }
  if (begun !== '') yield begun
}
