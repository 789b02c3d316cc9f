import { csvHeader, csvRows } from './csv.ts'
import type { ListMedia } from './media.ts'
import type { Serialise } from './serialise.ts'

/** How items become text: a frame around them, and what stands between them. */
export type ListForm = {
  readonly open: string
  readonly separator: string
  readonly close: string
  /** The whole text of a list of nothing. */
  readonly empty: string
  /** Writes some items, with separators between them and none at the ends. */
  readonly write: (items: readonly object[]) => string
  /** Separator of stored texts that can be passed on as they are; null where each object must be read. */
  readonly storedSeparator: ',' | '\n' | null
}

/** Gives the form of a list in a media type. */
export function listForm(
  media: ListMedia,
  { serialise, columns }: { serialise: Serialise; columns: readonly string[] },
): ListForm {
  switch (media) {
    case 'application/json':
      return {
        open: '[',
        separator: ',',
        close: ']',
        empty: '[]',
        write: (items) => concatenate(items, { serialise, separator: ',' }),
        storedSeparator: ',',
      }
    case 'application/x-ndjson':
      return {
        open: '',
        separator: '\n',
        close: '\n',
        empty: '',
        write: (items) => concatenate(items, { serialise, separator: '\n' }),
        storedSeparator: '\n',
      }
    case 'text/csv': {
      const header = csvHeader(columns)
      return {
        open: header,
        separator: '',
        close: '',
        empty: header,
        write: (items) => csvRows(columns, items),
        storedSeparator: null,
      }
    }
  }
}

/** Adds up texts, which V8 copies once at the end; `join` would copy each of them first. */
function concatenate(
  items: readonly object[],
  { serialise, separator }: { serialise: Serialise; separator: string },
): string {
  let text = ''
  for (const item of items) text += (text === '' ? '' : separator) + serialise(item)
  return text
}
