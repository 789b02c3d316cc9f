/** A page of a list as it is asked for: by our cursor, and by the last item of the page before. */
export type PageKey<T> = { readonly cursor: string | null; readonly after: T | null }

/** Follows the links of a list from page to page, `most` at the most. */
export async function walkPages<T extends object>(
  url: string,
  { most, headers = {} }: { most: number; headers?: Record<string, string> },
): Promise<PageKey<T>[]> {
  const pages: PageKey<T>[] = [{ cursor: null, after: null }]
  let next: string | null = url
  while (next !== null && pages.length < most) {
    const answer: Response = await fetch(next, { headers })
    if (!answer.ok) throw new Error(`${next} was answered ${answer.status}: ${await answer.text()}`)
    const items = (await answer.json()) as T[]
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] ?? null
    if (next !== null)
      pages.push({ cursor: new URL(next).searchParams.get('cursor'), after: items.at(-1) ?? null })
  }
  return pages
}
