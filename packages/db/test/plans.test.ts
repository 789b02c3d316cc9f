import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngine, type TestDatabase } from '../src/testing/index.ts'
import { openExplainer, type Explainer, type PlacedNode } from './explained.ts'
import { fillLarge } from './large-database.ts'
import { bookListings, limit, otherListings, recordListings, type Listing } from './listings.ts'

const large = new Set(['book', 'book_contributor', 'author', 'record', 'patient', 'audit_entry'])

describe.runIf(testEngine === 'postgres')('in a large database', () => {
  let database: TestDatabase
  let explainer: Explainer
  beforeAll(async () => {
    database = await openTestDatabase()
    await fillLarge(database)
    explainer = await openExplainer(database.url ?? '')
  }, 180_000)
  afterAll(async () => {
    await explainer[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const check = async (listing: Listing) => {
    const kinds = listing.isHot === true ? (['custom', 'generic'] as const) : (['custom'] as const)
    for (const kind of kinds) {
      const first = await explainer.explain(listing.first, kind)
      const deep = await explainer.explain(listing.deep, kind)
      expectFast(first, listing.by)
      expectFast(deep, listing.by, true)
      if (listing.isHot === true)
        expect(blocksOf(deep), 'a later page looks at no more than the first').toBeLessThan(
          blocksOf(first) + 100,
        )
    }
  }
  test.each(bookListings)('books, $name: by $by', check)
  test.each(recordListings)('records, $name: by $by', check)
  test.each(otherListings)('$name: by $by', check)
})

/** Expects that a page costs no more than its rows, or the few that its rarest filter finds. */
function expectFast(nodes: readonly PlacedNode[], index: string, isDeep = false): void {
  const scans = nodes.filter(
    ({ node }) => node['Node Type'] === 'Seq Scan' && large.has(node['Relation Name'] ?? ''),
  )
  expect(scans, 'no large table is read as a whole').toEqual([])
  const sorts = nodes.filter(({ node, above }) => node['Node Type'].endsWith('Sort') && !above.some(isPage))
  expect(sorts, 'no more is sorted than the first rows').toEqual([])
  const found = nodes.filter(({ node }) => node['Index Name'] === index)
  expect(
    found.length,
    JSON.stringify(nodes.map(({ node }) => node['Index Name'] ?? node['Node Type'])),
  ).toBeGreaterThan(0)
  if (!isDeep || !isInOrder(nodes)) return
  const conditions = found.map(({ node }) => node['Index Cond'] ?? '')
  expect(conditions.join(), 'the index is entered at the last row of the page before').toMatch(
    /ROW\(|id [<>] /,
  )
}

function isPage(node: PlacedNode['node']): boolean {
  return node['Node Type'] === 'Limit' && node['Plan Rows'] <= limit
}

function isInOrder(nodes: readonly PlacedNode[]): boolean {
  return !nodes.some(({ node }) => node['Node Type'].endsWith('Sort'))
}

/** Pages of the database that a statement has looked at; none where it was not run. */
function blocksOf([root]: readonly PlacedNode[]): number {
  return (root?.node['Shared Hit Blocks'] ?? 0) + (root?.node['Shared Read Blocks'] ?? 0)
}
