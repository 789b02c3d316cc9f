type OpenPage<T> = (page: {
  limit: number
  cursor?: string
}) => Promise<{ items: T[]; nextCursor: string | null }>

/** Reads a list that comes by pages as one. */
export async function* paged<T extends object>(open: OpenPage<T>): AsyncGenerator<T, void, undefined> {
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<OpenPage<T>>> = await open({
      limit: 1000,
      ...(cursor === null ? {} : { cursor }),
    })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}
