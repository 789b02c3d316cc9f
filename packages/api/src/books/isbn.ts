import { z } from 'zod'

/**
 * Gives the 13 digits of an ISBN-10 or ISBN-13 (ISO 2108), with or without hyphens and spaces, or null when it is
 * none: wrong length, prefix or check digit. Whether an agency has assigned its group yet is not asked, since new
 * groups come every year.
 */
export function parseIsbn(text: string): string | null {
  const compact = text
    .trim()
    .replaceAll(/[\s\-‐‑–]/g, '')
    .toUpperCase()
  if (/^\d{9}[\dX]$/.test(compact)) {
    if (weightedSum(compact, (place) => 10 - place) % 11 !== 0) return null
    const body = `978${compact.slice(0, 9)}`
    return `${body}${(10 - (weightedSum(body, ean) % 10)) % 10}`
  }
  // 979-0 is for printed music, the ISMN.
  if (!/^97(?:8|9[1-9])\d+$/.test(compact) || compact.length !== 13) return null
  return weightedSum(compact, ean) % 10 === 0 ? compact : null
}

const ean = (place: number) => (place % 2 === 0 ? 1 : 3)

function weightedSum(digits: string, weight: (place: number) => number): number {
  return digits
    .split('')
    .reduce((sum, digit, place) => sum + (digit === 'X' ? 10 : Number(digit)) * weight(place), 0)
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
