import { styleText } from 'node:util'
import stringWidth from 'string-width'
import { cellText } from './cells.ts'
import { clean } from './clean.ts'

const gap = '  '
/** Columns are not made narrower than this: a day, under the longest name that one has. */
const least = 11

/**
 * Gives the columns that a table has room for, from the first on: ids whole, and others with at least what a day
 * needs. Without a width, all of them.
 */
export function columnsWithin(
  columns: readonly string[],
  rows: readonly object[],
  width: number | undefined,
): readonly string[] {
  if (width === undefined) return columns
  const widest = widestOf(columns, cellsOf(columns, rows))
  let taken = -gap.length
  const firstLeft = columns.findIndex((column, place) => {
    const wanted = widest[place] ?? 0
    taken += gap.length + (isId(column) ? wanted : Math.min(wanted, least))
    return taken > width
  })
  return firstLeft === -1 ? columns : columns.slice(0, Math.max(1, firstLeft))
}

/** Writes rows as a table no wider than `width`; without one, as wide as it gets. */
export function tableLines(
  columns: readonly string[],
  rows: readonly object[],
  width: number | undefined,
): string[] {
  const cells = cellsOf(columns, rows)
  const widest = widestOf(columns, cells)
  const widths =
    width === undefined ? widest : fit(columns, widest, width - gap.length * (columns.length - 1))
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0))
      .join(gap)
      .trimEnd()
  return [styleText('bold', line(columns), { stream: process.stdout }), ...cells.map(line)]
}

function cellsOf(columns: readonly string[], rows: readonly object[]): string[][] {
  return rows.map((row) => columns.map((column) => clean(cellText((row as Record<string, unknown>)[column]))))
}

function widestOf(columns: readonly string[], cells: readonly (readonly string[])[]): number[] {
  return columns.map((column, place) =>
    Math.max(...[column, ...cells.map((row) => row[place] ?? '')].map((text) => stringWidth(text))),
  )
}

/** Takes room from the widest columns until all fit, but for what each needs; ids last, since they are copied. */
function fit(columns: readonly string[], widest: readonly number[], room: number): number[] {
  const widths = [...widest]
  let excess = widths.reduce((sum, width) => sum + width, 0) - room
  for (const isTurn of [(column: string) => !isId(column), isId]) {
    while (excess > 0) {
      const open = widths.map((width, place) => (isTurn(columns[place] ?? '') ? width : 0))
      const most = open.indexOf(Math.max(...open))
      if ((open[most] ?? 0) <= least) break
      widths[most] = (widths[most] ?? 0) - 1
      excess -= 1
    }
  }
  return widths
}

function isId(column: string): boolean {
  return column === 'id' || column.endsWith('Id')
}

function pad(text: string, width: number): string {
  let shown = text
  if (stringWidth(shown) > width) {
    while (stringWidth(shown) > width - 1) shown = shown.slice(0, -1)
    shown += '…'
  }
  return shown + ' '.repeat(Math.max(0, width - stringWidth(shown)))
}
