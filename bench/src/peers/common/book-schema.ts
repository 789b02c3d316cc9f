import { z } from 'zod'

/** A book, as the frameworks' documentation would have it declared. */
export const BookSchema = z.object({
  id: z.string(),
  title: z.string(),
  subtitle: z.string().optional(),
  isbn13: z.string().optional(),
  language: z.string().optional(),
  publishedOn: z.string().optional(),
  status: z.string(),
  description: z.string().optional(),
  subjects: z.array(z.string()),
  contributors: z.array(
    z.object({ author: z.object({ id: z.string(), name: z.string() }), role: z.string() }),
  ),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
})
