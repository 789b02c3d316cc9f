/** How far something has come. */
export type Standing = {
  readonly rows: number
  /** How much of all is done, from 0 to 1; undefined where nobody knows how much there is. */
  readonly share?: number | undefined
  /** What else is worth knowing while one waits. */
  readonly remark?: string | undefined
}

export type Progress = {
  show(standing: Standing): void
  /** Takes the line away, so that something else can be said. */
  clear(): void
}

/** What of a terminal the line needs. */
type Screen = {
  readonly isTTY: boolean
  readonly columns: number
  readonly write: (text: string) => boolean
}

const pauseMs = 100

/**
 * Makes a line on standard error that is written over and over: rows, rate and time left; only at a terminal. Rate
 * and time are counted from the standing `from` on.
 */
export function createProgress(
  from: Standing = { rows: 0, share: 0 },
  screen: Screen = process.stderr,
): Progress {
  const began = performance.now()
  let shownAt = Number.NEGATIVE_INFINITY
  let width = 0
  const write = (line: string) => {
    // Blanks instead of an escape sequence, which not every terminal knows.
    screen.write(`\r${line.padEnd(width)}`)
    width = line.length
  }
  return {
    show(standing) {
      if (!screen.isTTY || performance.now() - shownAt < pauseMs) return
      shownAt = performance.now()
      const seconds = (shownAt - began) / 1000
      write(progressLine(standing, { from, seconds }).slice(0, Math.max(0, screen.columns - 1)))
    },
    clear() {
      if (width === 0) return
      write('')
      screen.write('\r')
    },
  }
}

type Since = { readonly from: Standing; readonly seconds: number }

/** Says how far something has come, how fast, and how long it will still take. */
export function progressLine({ rows, share, remark }: Standing, { from, seconds }: Since): string {
  const parts = [`${count(rows)} rows`, `${rate(rows - from.rows, seconds)} a second`]
  if (share !== undefined) {
    parts.push(`${Math.floor(share * 100)} %`)
    const done = share - (from.share ?? 0)
    if (done > 0 && share < 1) parts.push(`${duration((seconds * (1 - share)) / done)} left`)
  }
  if (remark !== undefined) parts.push(remark)
  return parts.join(', ')
}

/** Writes a number of rows for people. */
export function count(rows: number): string {
  return rows.toLocaleString('en')
}

/** Says how many rows there were in a second. */
export function rate(rows: number, seconds: number): string {
  return count(Math.round(rows / Math.max(seconds, 0.001)))
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  const minutes = Math.ceil(whole / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
