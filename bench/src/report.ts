import { isMet, type Goal, type Line, type Outcome } from './outcome.ts'

/** Writes a scenario's figures for a terminal. */
export function reportOf({ scenario, title, lines, goals }: Outcome): string {
  const head = ['work', 'who', 'amount', '', 'ratio', 'CPU server', 'CPU database', '']
  const rows = [head, ...lines.map(cellsOf)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const table = rows.map((row) =>
    row
      .map((cell, column) =>
        isNumeric(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  return `\n${scenario}: ${title}\n${table.map((row) => `  ${row}\n`).join('')}${goals.map((goal) => `  ${sentenceOf(goal)}\n`).join('')}`
}

/** Says a goal in one line, and whether it is met. */
export function sentenceOf(goal: Goal): string {
  const { claim, value, bound, sense, unit } = goal
  const space = unit === '×' ? ' ' : ' '
  return `${isMet(goal) ? 'met   ' : 'MISSED'} ${claim}: ${roundOff(value)}${space}${unit}, to be ${sense} ${bound}${space}${unit}`
}

/** Gives the cells of a line, as the terminal and the page show them. */
export function cellsOf({
  work,
  who,
  amount,
  unit,
  ratio,
  serverMicros,
  databaseMicros,
  note = '',
}: Line): string[] {
  const micros = (value: number | null) => (value === null ? '' : `${roundOff(value)} µs`)
  const share = ratio === null ? '' : `${ratio.toFixed(2)} ×`
  return [work, who, roundOff(amount), unit, share, micros(serverMicros), micros(databaseMicros), note]
}

/** Writes a number with no more places than it is worth. */
export function roundOff(value: number): string {
  const places = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(places).replace(/\B(?=(\d{3})+$)/g, places === 0 ? ',' : '')
}

function isNumeric(column: number): boolean {
  return column === 2 || (column >= 4 && column <= 6)
}
