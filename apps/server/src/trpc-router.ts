import { appRouter, DomainError, mapTexts, StoredList, type Context } from '@casebook/api'
import type { StreamSlots } from '@casebook/rest'
import { TRPCError } from '@trpc/server'
import type { AnswerTexts } from './trpc-texts.ts'

/** What a call over tRPC is made with, besides what every call is made with. */
export type TrpcContext = Context & {
  readonly texts: AnswerTexts
  /** Calls back when the answer has been sent, or its caller has gone away. */
  readonly onClose: (callback: () => void) => void
}

type Call = { readonly ctx: TrpcContext }
type Procedure = { (call: Call): Promise<unknown>; readonly _def: unknown }

/**
 * Makes the contract's router as it is called over tRPC: what is stored as text goes out as words that stand for it
 * (see trpc-texts.ts), and whole lists take their slots. Everybody else who calls the contract gets values.
 */
export function createTrpcRouter(slots: StreamSlots): typeof appRouter {
  const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, Procedure>>
  // Like tRPC's own it has no prototype, whose properties would be procedures otherwise.
  const wrapped: Record<string, Procedure> = Object.create(null) as Record<string, Procedure>
  for (const [name, procedure] of Object.entries(procedures)) {
    const call = async (options: Call) => answerOf(await procedure(options), options.ctx, slots)
    wrapped[name] = Object.assign(call, { _def: procedure._def })
  }
  const definition = { ...appRouter._def, procedures: wrapped } as unknown as typeof appRouter._def
  return { ...appRouter, _def: definition }
}

function answerOf(value: unknown, ctx: TrpcContext, slots: StreamSlots): unknown {
  const { texts, onClose } = ctx
  if (!isAsyncIterable(value)) return mapTexts(value, ({ text }) => texts.keep(text))
  const list = value instanceof StoredList ? keptRuns(value, texts) : value
  return holdSlot(list, { free: takeSlot(slots, ctx), onClose })
}

async function* keptRuns({ runs }: StoredList<unknown>, texts: AnswerTexts): AsyncGenerator<string> {
  for await (const run of runs('\n')) yield texts.keepLines(run)
}

/** Takes a slot for a whole list, and gives what gives it back. Throws `overloaded`. */
function takeSlot(slots: StreamSlots, ctx: TrpcContext): () => void {
  const slot = slots.take(ctx)
  if (slot !== null) return slot.hold()
  const detail = 'Too many whole lists are being read. Ask for pages by `list`, or try again.'
  const cause = new DomainError('overloaded', { detail, retryAfterSeconds: 2 })
  throw new TRPCError({ code: cause.entry.code, message: cause.message, cause })
}

/** Holds a slot until the list has been read, or until the answer is over that did not begin to read it. */
function holdSlot(
  list: AsyncIterable<unknown>,
  { free, onClose }: { free: () => void } & Pick<TrpcContext, 'onClose'>,
): AsyncIterable<unknown> {
  let isBegun = false
  onClose(() => {
    if (!isBegun) free()
  })
  return {
    async *[Symbol.asyncIterator]() {
      isBegun = true
      try {
        yield* list
      } finally {
        free()
      }
    },
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
