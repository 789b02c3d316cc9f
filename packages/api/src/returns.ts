import type { z } from 'zod'
import { StoredList, valueOf, type Answer } from './stored.ts'

let checking = false

/**
 * Turns the check of outputs on or off. Tests have it on; production goes without, since the output parse is
 * the greatest single cost of a large list.
 */
export function checkOutputs(on: boolean): void {
  checking = on
}

/**
 * An output parser of tRPC that carries its schema, for adapters and documents to read. `_input` and `_output` are
 * for the compiler alone: by them tRPC tells what a procedure may answer from what its callers get.
 */
export type Returns<T extends z.ZodType> = ((value: unknown) => Answer<z.output<T>>) & {
  readonly schema: T
  readonly _input: Answer<z.output<T>>
  readonly _output: z.output<T>
}

/** Declares what a procedure answers; the value is checked against the schema only while checks are on. */
export function returns<T extends z.ZodType>(schema: T): Returns<T> {
  const parse = (value: unknown): unknown => {
    if (checking) schema.parse(valueOf(value))
    return value
  }
  return Object.assign(parse, { schema }) as Returns<T>
}

/** An output parser of a procedure that answers an async iterable; `schema` is the one of each item. */
export type Streams<T extends z.ZodType> = ((value: unknown) => AsyncIterable<z.output<T>>) & {
  readonly itemSchema: T
}

/** Declares the items that a stream answers; each is checked only while checks are on. */
export function streams<T extends z.ZodType>(schema: T): Streams<T> {
  const parse = (value: unknown): AsyncIterable<z.output<T>> => {
    const items = value as AsyncIterable<z.output<T>>
    if (!checking) return items
    return items instanceof StoredList ? new StoredList(checkRuns(schema, items)) : checkEach(schema, items)
  }
  return Object.assign(parse, { itemSchema: schema })
}

async function* checkEach<T extends z.ZodType>(schema: T, items: AsyncIterable<unknown>) {
  for await (const item of items) yield schema.parse(item)
}

function checkRuns<T extends z.ZodType>(schema: T, list: StoredList<unknown>): StoredList<T>['runs'] {
  return async function* (separator) {
    for await (const run of list.runs(separator)) {
      // A line break within a JSON text is escaped, so what is left of them stands between two objects.
      const texts = separator === '\n' ? run.replaceAll('\n', ',') : run
      for (const item of JSON.parse(`[${texts}]`) as unknown[]) schema.parse(item)
      yield run
    }
  }
}
