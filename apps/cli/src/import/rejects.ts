import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { columnsOf, type Mapping } from './mapping.ts'
import { type Format, type SourceRow } from './rows.ts'
import { csvRows, ndjsonRow, sideFile, type SideFile, type Written } from './side-files.ts'

/** Why a row was rejected. */
export type Reject = { readonly column: string; readonly reason: string }

/** A file of rejected rows, of the form of the input, which can be mended and imported as it is. */
export type Rejects = Omit<SideFile, 'write'> & {
  write(row: SourceRow, reject: Reject): Promise<void>
}

/** What a rejects file says of each row, beside what the row itself says. */
const names = ['line', 'column', 'reason'] as const

/** Tells whether a column is one that a rejects file adds. */
export function isAboutReject(column: string): boolean {
  return (names as readonly string[]).includes(column)
}

/** Opens the file of rejected rows; `written` tells how much of it is kept. Throws CommandFailure. */
export async function openRejects(
  file: string,
  { format, mapping, written }: { format: Format; mapping: Mapping | null; written: Written | undefined },
): Promise<Rejects> {
  const side = await sideFile(file, format === 'csv' ? await csvRows() : ndjsonRow, written)
  // A column that the mapping reads is the input's own, whatever it is called.
  const read = new Set(columnsOf(mapping))
  const [line, column, reason] = names.map((name) => (read.has(name) ? `rejected_${name}` : name))
  return {
    file,
    get rows() {
      return side.rows
    },
    write(row, reject) {
      const about = { [`${line}`]: row.line, [`${column}`]: reject.column, [`${reason}`]: reject.reason }
      const { uneven } = row
      if (uneven === undefined) return side.write({ ...about, ...without(row.object ?? row.cells, about) })
      // All of its cells, as many as there are, so that nothing is lost, and it is no better until it is mended.
      const own = uneven.cells.filter((_, place) => !Object.hasOwn(about, uneven.header[place] ?? ''))
      return side.write({ ...about, ...without(row.cells, about) }, [...Object.values(about), ...own])
    },
    flush: () => side.flush(),
    close: () => side.close(),
  }
}

function without(row: object, about: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !Object.hasOwn(about, name)))
}

/**
 * Names the file of rejected rows that belongs to an input: one that is not there yet, since rows may have been mended in
 * the last one.
 */
export function rejectsName(file: string, format: Format): string {
  for (let number = 1; ; number += 1) {
    const name = `${stemOf(file)}.rejects${number === 1 ? '' : `-${number}`}.${format}`
    if (!existsSync(name)) return name
  }
}

/** Gives a name that is one of those; undefined for another, which must be said again to be written to. */
export function ownRejects(name: unknown, file: string, format: Format): string | undefined {
  const stem = `${stemOf(file)}.rejects`
  const isOwn =
    typeof name === 'string' &&
    name.startsWith(stem) &&
    new RegExp(`^(-\\d+)?\\.${format}$`).test(name.slice(stem.length))
  return isOwn ? name : undefined
}

function stemOf(file: string): string {
  return file === '-' ? 'stdin' : file.slice(0, file.length - extname(file).length)
}
