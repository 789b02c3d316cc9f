import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngine, type TestDatabase } from '../src/testing/index.ts'
import { openExplainer, type Explainer, type PlacedNode, type PlanNode } from './explained.ts'
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
      expectFast(await explainer.explain(listing.first, kind), listing.by)
      expectFast(await explainer.explain(listing.deep, kind), listing.by, true)
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
  const sorts = nodes.filter(({ node, above }) => isSort(node) && !isPage(above.find(isLimit)))
  expect(sorts, 'no more is sorted than the first rows').toEqual([])
  const found = nodes.filter(({ node }) => node['Index Name'] === index)
  const used = nodes.map(({ node }) => node['Index Name'] ?? node['Node Type'])
  expect(found.length, used.join()).toBeGreaterThan(0)
  if (!isDeep) return
  const walks = found.filter(
    ({ node, above }) => !node['Node Type'].startsWith('Bitmap') && !above.some(isSort),
  )
  for (const { node } of walks) {
    expect(node['Index Cond'], 'a walk begins at the last row of the page before').toMatch(/ROW\(|id [<>] /)
    if (node['Scan Direction'] === 'Backward')
      expect(node['Index Cond'], 'and not at another bound, from which it reads on').not.toMatch(
        /\((status|date) <= /,
      )
  }
}

function isSort(node: PlanNode): boolean {
  return node['Node Type'].endsWith('Sort')
}

function isLimit(node: PlanNode): boolean {
  return node['Node Type'] === 'Limit'
}

function isPage(node: PlanNode | undefined): boolean {
  return node !== undefined && node['Plan Rows'] <= limit
}
