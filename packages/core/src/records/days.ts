/** First and last day, both included. */
export type Days = { readonly from?: string | undefined; readonly to?: string | undefined }
export type DayFilter = Days & { readonly year?: number | undefined; readonly month?: number | undefined }

/** Gives the days that a year, a month and two bounds leave over together. */
export function daysOf({ year, month, from, to }: DayFilter): Days {
  if (year === undefined) return { from, to }
  const first = `${pad(year, 4)}-${pad(month ?? 1, 2)}-01`
  const last = `${pad(year, 4)}-${pad(month ?? 12, 2)}-${pad(lastDay(year, month ?? 12), 2)}`
  return {
    from: from === undefined || from < first ? first : from,
    to: to === undefined || to > last ? last : to,
  }
}

function lastDay(year: number, month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}
