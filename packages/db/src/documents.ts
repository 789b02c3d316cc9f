import { idOf } from '@casebook/api'
import { sql } from 'kysely'
import { checkBooks, writeBooks } from './books/documents.ts'
import type { CheckedDocument } from './checked-document.ts'
import type { Database } from './database.ts'
import { checkRecords, writeRecords } from './records/documents.ts'
import type { Executor } from './schema.ts'

const batch = 1000
const nilUuid = '00000000-0000-0000-0000-000000000000'

export type DocumentsProgress = (done: number) => void
export type RebuiltDocuments = { readonly books: number; readonly records: number }
export type VerifiedDocuments = {
  readonly checked: number
  /** Ids of objects whose document is not what their columns say; the first thousand. */
  readonly wrong: readonly string[]
  readonly wrongCount: number
}

/** Tells whether there are objects whose document has not been written yet, as after a migration. */
export async function lackDocuments(db: Executor): Promise<boolean> {
  const { rows } = await sql<{ lack: boolean }>`
    select exists (select from book where document is null) or exists (select from record where document is null) as lack`.execute(
    db,
  )
  return rows[0]?.lack ?? false
}

/** Writes the documents that are not there yet; gives their number. */
export function fillDocuments(database: Database): Promise<RebuiltDocuments> {
  return rewrite(database, { isFilling: true })
}

/** Makes every document anew, and writes those that are wrong or not there; gives their number. */
export function rebuildDocuments(
  database: Database,
  onProgress: DocumentsProgress = () => undefined,
): Promise<RebuiltDocuments> {
  return rewrite(database, { isFilling: false, onProgress })
}

/** Makes every document anew and compares it with the stored one; changes nothing. Servers may go on meanwhile. */
export async function verifyDocuments(
  { kysely }: Database,
  onProgress: DocumentsProgress = () => undefined,
): Promise<VerifiedDocuments> {
  const wrong: string[] = []
  let checked = 0
  let wrongCount = 0
  const kinds = [
    ['book', (after: string) => checkBooks(kysely, sql`where b.id > ${after} order by b.id limit ${batch}`)],
    ['record', (after: string) => checkRecords(kysely, sql`where id > ${after} order by id limit ${batch}`)],
  ] as const
  for (const [kind, check] of kinds) {
    for (let some = await check(nilUuid); some.length > 0; some = await check(some.at(-1)?.id ?? '')) {
      checked += some.length
      for (const one of some) {
        if (one.isRight) continue
        wrongCount += 1
        if (wrong.length < 1000) wrong.push(idOf(kind, one.id))
      }
      onProgress(checked)
    }
  }
  return { checked, wrong, wrongCount }
}

async function rewrite(
  database: Database,
  { isFilling, onProgress = () => undefined }: { isFilling: boolean; onProgress?: DocumentsProgress },
): Promise<RebuiltDocuments> {
  let done = 0
  const among = (after: string) =>
    isFilling
      ? sql`where document is null order by id limit ${batch}`
      : sql`where id > ${after} order by id limit ${batch}`
  const all = async (step: (after: string) => Promise<readonly CheckedDocument[]>): Promise<number> => {
    let written = 0
    for (let some = await step(nilUuid); some.length > 0; some = await step(some.at(-1)?.id ?? '')) {
      written += some.filter((one) => !one.isRight).length
      done += some.length
      onProgress(done)
    }
    return written
  }
  const books = await all((after) =>
    database.changeCatalogue(async ({ tx }) => {
      const some = await checkBooks(tx, among(after))
      await writeBooks(
        tx,
        some.filter((one) => !one.isRight),
      )
      return some
    }),
  )
  const records = await all((after) =>
    database.transaction(async ({ tx }) => {
      const some = await checkRecords(tx, among(after), sql`for update`)
      await writeRecords(
        tx,
        some.filter((one) => !one.isRight),
      )
      return some
    }),
  )
  return { books, records }
}
