import type { Page } from './paging.ts'

/** A value as the JSON text that is stored of it: who writes JSON passes the text on, everybody else reads the value. */
export class JsonText<T> {
  /** The text in parts, as they came: whoever writes them somewhere need not put them together first. */
  readonly parts: readonly string[]

  constructor(text: string | readonly string[]) {
    this.parts = typeof text === 'string' ? [text] : text
  }

  /** Makes the text of an array out of the texts of its items. */
  static ofItems<T>(items: readonly string[]): JsonText<T[]> {
    const parts: string[] = []
    for (const item of items) parts.push(parts.length === 0 ? '[' : ',', item)
    if (parts.length === 0) return new JsonText('[]')
    parts.push(']')
    return new JsonText(parts)
  }

  get text(): string {
    return this.parts.length === 1 ? (this.parts[0] ?? '') : this.parts.join('')
  }

  toJSON(): T {
    return JSON.parse(this.text) as T
  }
}

/** A page whose items are one JSON text, an array. */
export type StoredPage<T> = { readonly items: JsonText<T[]>; readonly nextCursor: string | null }

/** Reads a whole list as runs: texts of some objects each, with the separator between them and none at the ends; space may stand beside a comma. */
export type ReadRuns = (separator: ',' | '\n') => AsyncGenerator<string, void, undefined>

/** A whole list that is stored as JSON: object after object, or run after run of text. */
export class StoredList<T> implements AsyncIterable<T> {
  readonly runs: ReadRuns

  constructor(runs: ReadRuns) {
    this.runs = runs
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const run of this.runs(',')) yield* JSON.parse(`[${run}]`) as T[]
  }
}

/** What a procedure may answer that declares `T`: the value, or the text that is stored of it. */
export type Answer<T> = T | JsonText<T> | (T extends Page<infer I> ? StoredPage<I> : never)

/** Gives the value of an answer. */
export function valueOf(answer: unknown): unknown {
  return mapTexts(answer, (text) => text.toJSON())
}

/** Puts something in the place of each stored text of an answer. */
export function mapTexts(answer: unknown, change: (text: JsonText<unknown>) => unknown): unknown {
  if (answer instanceof JsonText) return change(answer)
  if (typeof answer !== 'object' || answer === null || !('items' in answer)) return answer
  return answer.items instanceof JsonText ? { ...answer, items: change(answer.items) } : answer
}
