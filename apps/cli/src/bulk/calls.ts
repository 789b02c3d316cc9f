import { isCasebookError, type CasebookClient } from '@casebook/client'
import type { Resource } from '../resources.ts'
import { refusalOf } from './change.ts'
import type { PlannedRow, Present, Refusal } from './plan.ts'

type Name = Resource['name']

/** Rows that are looked at, and changed, at once: five requests of ten calls each. */
export const rowsAtOnce = 50

/** Reads an object as it stands now; null when it is not there, or not the caller's to see. Throws CasebookError. */
export async function readPresent(
  client: CasebookClient,
  resource: Name,
  id: string,
): Promise<Present | null> {
  try {
    return await get(client, resource, id)
  } catch (error) {
    if (isCasebookError(error) && error.code === 'NOT_FOUND') return null
    throw error
  }
}

function get(client: CasebookClient, resource: Name, id: string): Promise<Present> {
  switch (resource) {
    case 'books':
      return client.books.get.query({ id })
    case 'patients':
      return client.records.patients.get.query({ id })
    case 'records':
      return client.records.get.query({ id })
  }
}

/** Makes a planned change, on the version that it was planned on; gives why it was refused. Throws CasebookError. */
export async function makeChange(
  client: CasebookClient,
  resource: Name,
  row: PlannedRow,
): Promise<Refusal | null> {
  try {
    await call(client, resource, row)
    return null
  } catch (error) {
    if (!isCasebookError(error) || !refusals.has(error.code)) throw error
    if (error.errors.length > 0) return refusalOf(error.errors)
    return { column: error.reason === 'stale' ? 'version' : '', reason: error.message }
  }
}

/** Errors that are of one row; others are of the whole run. */
const refusals: ReadonlySet<string> = new Set(['BAD_REQUEST', 'NOT_FOUND', 'CONFLICT', 'PRECONDITION_FAILED'])

async function call(
  client: CasebookClient,
  resource: Name,
  { id, version, after }: PlannedRow,
): Promise<void> {
  // The fields were checked by the contract's own schemas, when they were planned and again by the server.
  const input = { id, version, ...after }
  switch (resource) {
    case 'books':
      return changeBook(client, { id, version, after })
    case 'patients':
      await client.records.patients.update.mutate(input)
      return undefined
    case 'records':
      await client.records.amend.mutate(input)
      return undefined
  }
}

/** Changes the fields of a book, and then its status, which has calls of its own. */
async function changeBook(
  client: CasebookClient,
  { id, version, after: { status, ...fields } }: Omit<PlannedRow, 'before'>,
): Promise<void> {
  let present = version
  if (Object.keys(fields).length > 0) {
    present = (await client.books.update.mutate({ id, version, ...fields })).version
  }
  if (status === undefined) return
  const set = status === 'withdrawn' ? client.books.withdraw : client.books.publish
  await set.mutate({ id, version: present })
}
