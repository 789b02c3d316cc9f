import { procedures } from '../equivalence/procedures.ts'
import type { Page } from './create-requests.ts'
import { actors, type World } from './world.ts'

/** Reads the first page of each list as each caller, for the cursors that it gives. */
export async function readPages(world: World): Promise<Page[]> {
  const { server, ids } = world
  const lists = procedures.filter(({ rest }) => rest.list !== undefined)
  const pages: Page[] = []
  for (const { name, rest } of lists) {
    for (const actor of actors) {
      const target = `${rest.path.replaceAll(/\{\w+\}/g, ids['pat']?.[0] ?? '')}?limit=1`
      const shown = world.credentialOf(actor, 'bearer')
      const { headers } = await server.request('GET', target, {
        headers: Object.fromEntries(shown ? [shown] : []),
      })
      const cursor = /[?&]cursor=([^&>]+)/.exec(headers.get('link') ?? '')?.[1]
      if (cursor !== undefined)
        pages.push({ of: `REST ${name}`, target, actor, cursor: decodeURIComponent(cursor) })
    }
  }
  return pages
}
