import { exitCodes } from '../exit-codes.ts'
import type { Paged } from '../audit-trail.ts'
import { CommandFailure } from '../failure.ts'
import { assertId } from '../ids.ts'
import { printList } from '../output/print.ts'
import type { Filters, Listed } from '../resources.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook audit list`: everything, streamed, or a number of rows. */
export async function list(
  settings: Settings,
  resource: Listed & Paged,
  flags: Readonly<Record<string, string>>,
): Promise<void> {
  const client = connect(settings)
  const filters = filtersOf(resource, flags)
  const columns = settings.output === 'table' ? resource.columns : resource.fields
  const limit = flags['limit'] === undefined ? null : limitOf(flags['limit'])
  const items =
    limit === null ? resource.list(client, filters) : limited(client, resource, { filters, limit })
  await printList(items, { output: settings.output, columns })
}

/** Reads the filters of a resource out of its flags; numbers must be numbers. Throws CommandFailure. */
export function filtersOf(resource: Listed, flags: Readonly<Record<string, string | undefined>>): Filters {
  const entries = resource.filters.flatMap(({ name, kind, field, id }) => {
    const value = flags[camelCase(name)]
    if (id !== undefined) assertId(`--${name}`, id, value)
    return value === undefined
      ? []
      : [[field ?? name, kind === 'number' ? numberOf(name, value) : value] as const]
  })
  return Object.fromEntries(entries)
}

async function* limited(
  client: ReturnType<typeof connect>,
  resource: Listed & Paged,
  { filters, limit }: { filters: Filters; limit: number },
): AsyncGenerator<object, void, undefined> {
  if (limit <= 1000) {
    yield* await resource.page(client, filters, limit)
    return
  }
  let left = limit
  for await (const item of resource.list(client, filters)) {
    yield item
    left -= 1
    if (left === 0) return
  }
}

function limitOf(text: string): number {
  const limit = numberOf('limit', text)
  if (limit < 1) throw new CommandFailure('--limit must be at least 1.', exitCodes.usage)
  return limit
}

function numberOf(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new CommandFailure(`--${flag} must be a whole number, not «${text}».`, exitCodes.usage)
  return Number(text)
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
