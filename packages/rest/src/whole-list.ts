import type { Readable } from 'node:stream'
import type { ListForm } from './list-form.ts'
import { pacedText, type Pace } from './paced-text.ts'
import type { StoredAnswers } from './stored-answers.ts'

const batchItems = 250
const batchLines = 50

/** A list in pieces of text, each of at least one item and without a separator at its ends. */
export type Pieces = AsyncGenerator<string, void, undefined>

/** Writes a list piece by piece: stored texts as they are where the form allows it, else batches of items. */
export async function* piecesOf(list: AsyncIterable<object>, form: ListForm, stored: StoredAnswers): Pieces {
  const runs = stored.runsOf(list, form.storedSeparator ?? '\n')
  if (runs === undefined) {
    for await (const batch of inBatches(list)) yield form.write(batch)
  } else if (form.storedSeparator === null) {
    for await (const run of runs) yield* writeLines(run, form)
  } else {
    yield* runs
  }
}

/** The first piece of a list, undefined for an empty one, and the second if there is one, with those behind it. */
export type OpenedList = {
  readonly first: string | undefined
  readonly second: string | undefined
  readonly rest: Pieces
}

/** Reads the beginning of a list, so that what fails at once can still be answered as a problem. */
export async function openList(pieces: Pieces): Promise<OpenedList> {
  const first = await pieces.next()
  const second = first.done === true ? first : await pieces.next()
  return {
    first: first.done === true ? undefined : first.value,
    second: second.done === true ? undefined : second.value,
    rest: pieces,
  }
}

/** Writes a list that has been opened as a stream, at the pace of its reader; closes the source when it goes. */
export function streamList(form: ListForm, { first, second, rest }: OpenedList, pace: Pace): Readable {
  async function* text(): AsyncGenerator<string, void, undefined> {
    try {
      yield form.open + (first ?? '')
      if (second !== undefined) yield form.separator + second
      for await (const piece of rest) yield form.separator + piece
      yield form.close
    } finally {
      await rest.return()
    }
  }
  return pacedText(text(), pace)
}

async function* inBatches(items: AsyncIterable<object>): AsyncGenerator<object[], void, undefined> {
  let batch: object[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < batchItems) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/**
 * Writes the objects of a run that stand in a line each, some at a time: all of a run at once would outlive V8's young
 * generation, and be collected late.
 */
function* writeLines(run: string, { write }: ListForm): Generator<string, void, undefined> {
  let batch: object[] = []
  for (let begin = 0; begin < run.length;) {
    const found = run.indexOf('\n', begin)
    const end = found < 0 ? run.length : found
    batch.push(JSON.parse(run.slice(begin, end)) as object)
    begin = end + 1
    if (batch.length < batchLines && begin < run.length) continue
    yield write(batch)
    batch = []
  }
}
