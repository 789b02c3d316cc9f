import { readIsbn } from './isbn.ts'
import { printedName, splitNames } from './names.ts'
import type { TransformName } from './transform-names.ts'

/** Something about a row that whoever imports should know: a repair, or a value that was left out. */
export type Note = {
  readonly kind: NoteKind
  readonly column: string
  readonly value: string
  readonly message: string
}
export type NoteKind = 'isbn-taken' | 'isbn-repaired' | 'isbn-refused' | 'isbn-empty' | 'value-dropped'

/** What becomes of the cells of one field: a value, or none, and what is to be said about it. */
export type Reading = { readonly value?: unknown; readonly notes?: readonly Note[] }
export type Transform = (cells: readonly string[], column: string) => Reading | Promise<Reading>

const value = (given: unknown): Reading => (given === '' || given === undefined ? {} : { value: given })

/** Ways in which the cells of foreign tables become values of our fields, by the names that `--map` knows. */
export const transforms: Readonly<Record<string, Transform>> = {
  /** The cell as it is. */
  text: ([cell = '']) => value(cell.trim()),
  /** The first line of a cell. */
  'first-line': ([cell = '']) => value(cell.split(/\r?\n/)[0]?.trim()),
  /** The other lines of a cell, as one. */
  'other-lines': ([cell = '']) => value(cell.split(/\r?\n/).slice(1).join(' ').trim()),
  /** The day of an instant, as it is written there. */
  day: ([cell = '']) => value(cell.trim().slice(0, 10)),
  /** A year becomes its first day. */
  year: readYear,
  /** Entries between semicolons. */
  list: ([cell = '']) => value(splitList(cell, ';')),
  /** A language tag; of several between slashes the first. */
  language: readLanguage,
  /** Names between commas become authors, in order. */
  authors: ([cell = '']) => value(splitNames(cell).map((name) => ({ name, role: 'author' }))),
  /** A name as catalogues file it, and the source's identifier of the author. */
  'filed-author': ([cell = '', externalId = '']) => {
    if (cell.trim() === '') return { value: [] }
    const name = printedName(cell)
    const identified = externalId === '' ? {} : { externalId }
    return value([{ name, sortName: cell.trim(), ...identified, role: 'author' }])
  },
  /** System, code and display of a concept. */
  code: ([system = '', code = '', display = '']) => (code === '' ? {} : value({ system, code, display })),
  /** An ISBN; lost leading zeros are put back when the check digit then fits. */
  isbn: readIsbnCell,
} satisfies Record<TransformName, Transform>

function splitList(cell: string, separator: string): string[] {
  return [
    ...new Set(
      cell
        .split(separator)
        .map((text) => text.trim())
        .filter((text) => text !== ''),
    ),
  ]
}

function readYear([cell = '']: readonly string[], column: string): Reading {
  const text = cell.trim()
  if (text === '') return {}
  const year = /^(-?\d{1,4})(?:\.0)?$/.exec(text)?.[1]
  if (year !== undefined && Number(year) >= 1) return value(`${year.padStart(4, '0')}-01-01`)
  return dropped({
    column,
    value: text,
    message: year === undefined ? 'is no year' : 'is a year before our era',
  })
}

function readLanguage([cell = '']: readonly string[], column: string): Reading {
  const text = cell.trim()
  if (text === '') return {}
  const [first = '', ...others] = text.split('/')
  try {
    const [tag] = Intl.getCanonicalLocales(first)
    const notes =
      others.length === 0
        ? []
        : [note('value-dropped', { column, value: others.join('/'), message: 'is a second language' })]
    return { value: tag, notes }
  } catch {
    return dropped({ column, value: text, message: 'is no language tag' })
  }
}

async function readIsbnCell([cell = '']: readonly string[], column: string): Promise<Reading> {
  const reading = await readIsbn(cell)
  switch (reading.kind) {
    case 'empty':
      return { notes: [note('isbn-empty', { column, value: '', message: 'is empty' })] }
    case 'taken':
      return {
        value: reading.isbn13,
        notes: [note('isbn-taken', { column, value: cell, message: 'is valid as it stands' })],
      }
    case 'repaired': {
      const message = `lost leading zeros, read as ${reading.to}`
      return { value: reading.isbn13, notes: [note('isbn-repaired', { column, value: cell, message })] }
    }
    case 'refused':
      return { notes: [note('isbn-refused', { column, value: cell, message: reading.why })] }
  }
}

type About = Omit<Note, 'kind'>

function note(kind: NoteKind, about: About): Note {
  return { kind, ...about }
}

function dropped(about: About): Reading {
  return { notes: [note('value-dropped', about)] }
}
