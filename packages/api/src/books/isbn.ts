import isbn3 from 'isbn3'
import { z } from 'zod'

/**
 * Gives the 13 digits of an ISBN-10 or ISBN-13, hyphenated or not, or null when it is none: wrong length, wrong
 * check digit, or a group that the International ISBN Agency has not assigned.
 */
export function parseIsbn(text: string): string | null {
  return isbn3.parse(text.trim())?.isbn13 ?? null
}

/** An ISBN in any of its forms, turned into 13 digits. */
export const Isbn = z
  .string()
  .max(32)
  .transform((text, context) => {
    const isbn13 = parseIsbn(text)
    if (isbn13 !== null) return isbn13
    context.addIssue({ code: 'custom', message: 'must be an ISBN-10 or ISBN-13 whose check digit fits' })
    return z.NEVER
  })
