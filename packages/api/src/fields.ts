import { z } from 'zod'

// Ranges instead of Unicode classes: tools that read the document may not know the latter.
/* oxlint-disable no-control-regex -- control characters are what is looked for */
const oneLine = /^[^\u0000-\u001F\u007F-\u009F\uD800-\uDFFF]*$/u
const lines = /^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uD800-\uDFFF]*$/u
/* oxlint-enable no-control-regex */

/** Text of one line: trimmed, 1 to `max` UTF-16 units, no control characters, well-formed Unicode. */
export function lineSchema(max: number) {
  return z.string().max(max).regex(oneLine, 'must not contain control characters').trim().min(1)
}

/** Text of several lines: up to `max` UTF-16 units, line breaks and tabs, but no other control characters. */
export function proseSchema(max: number) {
  return z.string().max(max).regex(lines, 'must not contain control characters')
}

/** Words to search for, 1 to 200 characters. */
export const SearchText = lineSchema(200)

/** A calendar day of the proleptic Gregorian calendar, `YYYY-MM-DD`, years 0001 to 9999 (RFC 3339 full-date). */
export const Day = z.iso
  .date('must be a day such as 2024-02-29')
  .refine((text) => !text.startsWith('0000'), 'must be a day after the year 0')

/** An instant in UTC to the millisecond, `2024-02-29T12:00:00.000Z` (RFC 3339). */
export const Instant = z.iso.datetime({ precision: 3 })

/** A year of the Gregorian calendar. */
export const Year = z.int().min(1).max(9999)

/** A language tag (BCP 47), put into its canonical form: `eng` becomes `en`, `EN-us` becomes `en-US`. */
export const LanguageTag = z
  .string()
  .max(35)
  .refine(isLanguageTag, 'must be a language tag such as en or pt-BR')
  .transform((text) => Intl.getCanonicalLocales(text)[0] ?? text)

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

/** Version of an object: 1 when created, one more with each change. */
export const Version = z.int().min(1).max(2_147_483_647)

/** The version that a caller has read; a change is refused as stale when it is no longer the present one. */
export const ReadVersion = Version.describe('The version that you have read; another one is refused as stale')

/** The plain answer of an act that gives nothing back. */
export const Message = z.strictObject({ message: z.string().max(500) }).meta({ id: 'Message' })
export type Message = z.output<typeof Message>

/** The answer of a delete: nothing. */
export const Nothing = z.null()

/** The input of a procedure that takes none: nothing at all, or an empty object. */
export const NoInput = z.strictObject({}).optional()
