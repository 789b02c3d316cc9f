import { books } from './contract.ts'

export type IsbnReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'taken'; readonly isbn13: string }
  /** Leading zeros were lost, as a spreadsheet loses them; with them the check digit fits. */
  | { readonly kind: 'repaired'; readonly isbn13: string; readonly from: string; readonly to: string }
  | { readonly kind: 'refused'; readonly why: string }

/**
 * Reads the cell of an ISBN-10 or ISBN-13. A shorter number is filled up with zeros in front to ten digits, and
 * taken only when its check digit then fits; a number in scientific notation has lost digits for good.
 */
export async function readIsbn(cell: string): Promise<IsbnReading> {
  const text = cell.trim()
  if (text === '') return { kind: 'empty' }
  const { parseIsbn } = await books()
  const asItStands = parseIsbn(text)
  if (asItStands !== null) return { kind: 'taken', isbn13: asItStands }
  if (/e\+?\d+$/i.test(text))
    return { kind: 'refused', why: 'is in scientific notation, its last digits are lost' }
  if (/^\d{5,8}[\dX]$/i.test(text)) {
    const to = text.padStart(10, '0')
    const isbn13 = parseIsbn(to)
    if (isbn13 !== null) return { kind: 'repaired', isbn13, from: text, to }
  }
  return { kind: 'refused', why: 'has a check digit that does not fit' }
}
