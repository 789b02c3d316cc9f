import { clean } from '../output/clean.ts'
import { count } from '../output/progress.ts'
import type { Resource } from '../resources.ts'
import type { PlannedRow } from './plan.ts'

/** Changes that a dry run names on standard error; a plan has all of them. */
const namedChanges = 10

/** Says what would be changed; of patients, whom tables hide, the names of the fields alone. */
export async function nameEach(
  changes: AsyncIterable<PlannedRow>,
  resource: Resource['name'],
  onLine: () => void,
): Promise<void> {
  let named = 0
  for await (const { id, before, after } of changes) {
    named += 1
    if (named > namedChanges) continue
    const told = Object.keys(after).map((field) =>
      resource === 'patients' ? field : `${field} ${short(before[field])} → ${short(after[field])}`,
    )
    onLine()
    process.stderr.write(`${clean(`${id}: ${told.join(', ')}`)}\n`)
  }
  if (named > namedChanges)
    process.stderr.write(`… and ${count(named - namedChanges)} more; --out FILE writes all of them.\n`)
}

function short(value: unknown): string {
  const text = JSON.stringify(value ?? null)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
