import { z } from 'zod'

/** Rows of a page when the caller names no limit (tRPC only; REST then answers the whole list). */
export const defaultPageSize = 50
export const maxPageSize = 1000

/** Fields with which every list is paged; `cursor` is the `nextCursor` of the page before. */
export const pageFields = {
  limit: z.int().min(1).max(maxPageSize).default(defaultPageSize).describe('Items of a page'),
  cursor: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe('Where the page begins: taken, unchanged, from the answer before'),
}

/** Base64url and dots: it goes into a URL as it is. */
const NextCursor = z
  .string()
  .max(2048)
  .regex(/^[\w.-]+$/)

/** A page of a list: `nextCursor` is null at the end. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item).max(maxPageSize), nextCursor: NextCursor.nullable() })
}

export type Page<T> = { items: T[]; nextCursor: string | null }
