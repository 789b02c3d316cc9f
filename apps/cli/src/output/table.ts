import { stripVTControlCharacters, styleText } from 'node:util'
import stringWidth from 'string-width'
import { cellText } from './cells.ts'

const gap = '  '

/** Writes rows as a table no wider than `width`; without one, as wide as it gets. */
export function tableLines(
  columns: readonly string[],
  rows: readonly object[],
  width: number | undefined,
): string[] {
  const cells = rows.map((row) =>
    columns.map((column) => clean(cellText((row as Record<string, unknown>)[column]))),
  )
  const widest = columns.map((column, index) =>
    Math.max(...[column, ...cells.map((row) => row[index] ?? '')].map((text) => stringWidth(text))),
  )
  const widths = width === undefined ? widest : fit(widest, width - gap.length * (columns.length - 1))
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0))
      .join(gap)
      .trimEnd()
  return [styleText('bold', line(columns), { stream: process.stdout }), ...cells.map(line)]
}

/** Takes room from the widest columns until all fit, but leaves each at least eight. */
function fit(widest: readonly number[], room: number): number[] {
  const widths = [...widest]
  let excess = widths.reduce((sum, width) => sum + width, 0) - room
  while (excess > 0) {
    const most = widths.indexOf(Math.max(...widths))
    if ((widths[most] ?? 0) <= 8) break
    widths[most] = (widths[most] ?? 0) - 1
    excess -= 1
  }
  return widths
}

function pad(text: string, width: number): string {
  let shown = text
  if (stringWidth(shown) > width) {
    while (stringWidth(shown) > width - 1) shown = shown.slice(0, -1)
    shown += '…'
  }
  return shown + ' '.repeat(Math.max(0, width - stringWidth(shown)))
}

/** Takes escape sequences and control characters out of what others wrote. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ')
}
