import { Readable } from 'node:stream'
import { csvHeader, csvRows } from './csv.ts'
import type { ListMedia } from './media.ts'
import type { Serialise } from './serialise.ts'

/** How items become text: a frame around them, and something between them. */
export type ListForm = {
  readonly open: string
  readonly close: string
  readonly write: (items: readonly object[], isFirst: boolean) => string
}

const batchItems = 250

/** Gives the form of a list in a media type. */
export function listForm(
  media: ListMedia,
  { serialise, columns }: { serialise: Serialise; columns: readonly string[] },
): ListForm {
  switch (media) {
    case 'application/json':
      return {
        open: '[',
        close: ']',
        write: (items, isFirst) => concatenate(items, { serialise, before: isFirst ? '' : ',' }),
      }
    case 'application/x-ndjson':
      return { open: '', close: '', write: (items) => items.map((item) => `${serialise(item)}\n`).join('') }
    case 'text/csv':
      return { open: csvHeader(columns), close: '', write: (items) => csvRows(columns, items) }
  }
}

/** Adds up texts, which V8 copies once at the end; `join` would copy each of them first. */
function concatenate(
  items: readonly object[],
  { serialise, before }: { serialise: Serialise; before: string },
): string {
  let text = ''
  for (const item of items) text += (text === '' ? before : ',') + serialise(item)
  return text
}

/** The beginning of a list, and the rest of it if there is more than one batch. */
export type OpenedList = { readonly first: readonly object[]; readonly rest: AsyncIterator<object> | null }

/** Reads the first batch of a list, so that what fails at once can still be answered as a problem. */
export async function openList(items: AsyncIterable<object>): Promise<OpenedList> {
  const iterator = items[Symbol.asyncIterator]()
  const { batch, isDone } = await nextBatch(iterator)
  return { first: batch, rest: isDone ? null : iterator }
}

/** Writes a list as a stream of text, a batch at a time as the reader asks; closes the source when the reader goes. */
export function streamList(form: ListForm, first: readonly object[], rest: AsyncIterator<object>): Readable {
  async function* text(): AsyncGenerator<string, void, undefined> {
    try {
      yield form.open + form.write(first, true)
      for (let isDone = false; !isDone;) {
        const next = await nextBatch(rest)
        isDone = next.isDone
        if (next.batch.length > 0) yield form.write(next.batch, false)
      }
      yield form.close
    } finally {
      await rest.return?.()
    }
  }
  return Readable.from(text(), { objectMode: false, highWaterMark: 64 * 1024 })
}

async function nextBatch(iterator: AsyncIterator<object>): Promise<{ batch: object[]; isDone: boolean }> {
  const batch: object[] = []
  while (batch.length < batchItems) {
    const { value, done } = await iterator.next()
    if (done) return { batch, isDone: true }
    batch.push(value)
  }
  return { batch, isDone: false }
}
