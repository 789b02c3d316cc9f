import { Readable } from 'node:stream'
import { TRPCError } from '@trpc/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { listForm, type ListForm } from './list-form.ts'
import { negotiate, type ListMedia } from './media.ts'
import { RequestError } from './request-error.ts'
import { bufferedOf, sendBuffered, type SendStored } from './send-buffered.ts'
import { compileSerialiser } from './serialise.ts'
import type { StoredAnswers } from './stored-answers.ts'
import type { Pace } from './paced-text.ts'
import type { Release, StreamSlots } from './stream-slots.ts'
import type { RestProcedure } from './walk.ts'
import { openList, piecesOf, streamList } from './whole-list.ts'

/** Calls a procedure with the input of a request, `more` before it. */
export type Call = (
  request: FastifyRequest,
  ctx: unknown,
  more?: Readonly<Record<string, unknown>>,
) => Promise<unknown>

export type ListDeps = {
  /** Calls the procedure of pages. */
  readonly readPage: Call
  /** Calls the procedure of the whole list, where there is one. */
  readonly readWhole: Call | undefined
  readonly stored: StoredAnswers
  readonly sendStored: SendStored
  readonly slots: StreamSlots
  readonly pace: Pace
  readonly publicUrl: string
}

/** `items` is an array, or what is stored of one. */
type Page = { readonly items: object; readonly nextCursor: string | null }
type Asked = { readonly ctx: unknown; readonly media: ListMedia }

/** Compiles how a list is answered: a page with a link to the next one, or the whole of it, streamed. */
export function compileListAnswer(
  procedure: RestProcedure,
  { readPage, readWhole, stored, sendStored, slots, pace, publicUrl }: ListDeps,
): (request: FastifyRequest, reply: FastifyReply, ctx: unknown) => Promise<FastifyReply> {
  const columns = Object.keys(procedure.objectSchema.properties ?? {})
  const serialise = compileSerialiser(procedure.objectSchema)
  const forms = new Map<ListMedia, ListForm>()
  const formOf = (media: ListMedia): ListForm => {
    const form = forms.get(media) ?? listForm(media, { serialise, columns })
    forms.set(media, form)
    return form
  }
  const { emptyIsNotFound = [] } = procedure.rest

  const assertFound = (request: FastifyRequest, isFound: boolean) => {
    if (isFound) return
    const query = request.query as Record<string, unknown>
    if (emptyIsNotFound === true || emptyIsNotFound.some((field) => query[field] !== undefined))
      throw new TRPCError({ code: 'NOT_FOUND', message: 'nothing found' })
  }

  const answerPage = async (request: FastifyRequest, reply: FastifyReply, { ctx, media }: Asked) => {
    const { items, nextCursor } = (await readPage(request, ctx)) as Page
    const parts = stored.partsOf(items)
    assertFound(request, parts === undefined ? (items as object[]).length > 0 : parts[0] !== '[]')
    if (nextCursor !== null) reply.header('link', `<${nextUrl(request, publicUrl, nextCursor)}>; rel="next"`)
    if (parts !== undefined && media === 'application/json')
      return sendStored(request, reply, { value: items, parts })
    const values = (parts === undefined ? items : JSON.parse(parts.join(''))) as object[]
    return sendBuffered(request, reply, bufferedOf(wholeText(formOf(media), values), typeOf(media)))
  }

  const answerWhole = async (request: FastifyRequest, reply: FastifyReply, { ctx, media }: Asked) => {
    const form = formOf(media)
    // Nothing is read yet, but whoever may not read hears that first.
    const list = readWhole === undefined ? pageAfterPage(request, ctx) : await readWhole(request, ctx)
    const release = takeSlot(slots, ctx)
    try {
      const opened = await openList(piecesOf(list as AsyncIterable<object>, form, stored))
      assertFound(request, opened.first !== undefined)
      if (opened.second === undefined) {
        const body = opened.first === undefined ? form.empty : form.open + opened.first + form.close
        return sendBuffered(request, reply, bufferedOf(body, typeOf(media)))
      }
      if (request.method === 'HEAD') {
        await opened.rest.return()
        // Of a stream nobody says the length, which would be 0 for no body at all (RFC 9110, 8.6).
        return reply.type(typeOf(media)).send(Readable.from([]))
      }
      const stream = streamList(form, opened, pace)
      stream.once('close', release.hold())
      return reply.type(typeOf(media)).send(stream)
    } finally {
      release()
    }
  }

  async function* pageAfterPage(request: FastifyRequest, ctx: unknown): AsyncGenerator<object> {
    let cursor: string | null = null
    do {
      const after: Record<string, unknown> = cursor === null ? {} : { cursor }
      const page = (await readPage(request, ctx, { limit: 1000, ...after })) as Page
      const parts = stored.partsOf(page.items)
      yield* (parts === undefined ? page.items : JSON.parse(parts.join(''))) as object[]
      cursor = page.nextCursor
    } while (cursor !== null)
  }

  return (request, reply, ctx) => {
    const asked = { ctx, media: negotiate(request.headers.accept) }
    reply.header('vary', 'accept')
    const { limit, cursor } = request.query as Record<string, unknown>
    return limit === undefined && cursor === undefined
      ? answerWhole(request, reply, asked)
      : answerPage(request, reply, asked)
  }
}

function takeSlot(slots: StreamSlots, ctx: unknown): Release {
  const slot = slots.take(ctx)
  if (slot !== null) return slot
  const detail = 'Too many whole lists are being read. Ask for a page by `limit`, or try again.'
  throw new RequestError('SERVICE_UNAVAILABLE', detail)
}

function typeOf(media: ListMedia): string {
  return `${media}; charset=utf-8`
}

function wholeText({ open, close, empty, write }: ListForm, items: readonly object[]): string {
  return items.length === 0 ? empty : open + write(items) + close
}

function nextUrl(request: FastifyRequest, publicUrl: string, cursor: string): string {
  const url = new URL(request.url, 'http://localhost')
  url.searchParams.set('cursor', cursor)
  return `${publicUrl}${url.pathname}${url.search}`
}
