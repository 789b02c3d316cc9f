import type { z } from 'zod'

let checking = false

/**
 * Turns the check of outputs on or off. Tests have it on; production goes without, since the output parse is
 * the greatest single cost of a large list.
 */
export function checkOutputs(on: boolean): void {
  checking = on
}

/** An output parser of tRPC that carries its schema, for adapters and documents to read. */
export type Returns<T extends z.ZodType> = ((value: unknown) => z.output<T>) & { readonly schema: T }

/** Declares what a procedure answers; the value is checked against the schema only while checks are on. */
export function returns<T extends z.ZodType>(schema: T): Returns<T> {
  const parse = (value: unknown): z.output<T> => (checking ? schema.parse(value) : (value as z.output<T>))
  return Object.assign(parse, { schema })
}

/** An output parser of a procedure that answers an async iterable; `schema` is the one of each item. */
export type Streams<T extends z.ZodType> = ((value: unknown) => AsyncIterable<z.output<T>>) & {
  readonly itemSchema: T
}

/** Declares the items that a stream answers; each is checked only while checks are on. */
export function streams<T extends z.ZodType>(schema: T): Streams<T> {
  const parse = (value: unknown): AsyncIterable<z.output<T>> => {
    const items = value as AsyncIterable<z.output<T>>
    return checking ? checkEach(schema, items) : items
  }
  return Object.assign(parse, { itemSchema: schema })
}

async function* checkEach<T extends z.ZodType>(schema: T, items: AsyncIterable<unknown>) {
  for await (const item of items) yield schema.parse(item)
}
