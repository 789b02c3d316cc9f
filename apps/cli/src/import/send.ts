import { setTimeout } from 'node:timers/promises'
import { isCasebookError, type CasebookClient } from '@casebook/client'
import type { Resource } from '../resources.ts'

export type RowResult = {
  readonly externalId: string
  readonly outcome: 'created' | 'exists' | 'rejected'
  readonly errors?: readonly { readonly path: string; readonly message: string }[] | undefined
}
export type Batch = {
  readonly source: string
  readonly dryRun: boolean
  readonly status: string | undefined
  readonly rows: readonly object[]
}
export type Send = (batch: Batch) => Promise<readonly RowResult[]>

const attempts = 6

export type Sending = {
  readonly client: CasebookClient
  readonly resource: Resource['name']
  /** Ends the waiting for a server that is away or busy. */
  readonly signal: AbortSignal
}

/**
 * Makes what sends a batch of checked rows; again when the server is busy, or goes away in the middle, since an import
 * may be repeated. Throws CasebookError, and what the signal was aborted with.
 */
export function createSend({ client, resource, signal }: Sending): Send {
  const once = async ({ source, dryRun, status, rows }: Batch): Promise<readonly RowResult[]> => {
    // The rows were checked by the contract's own schemas just before.
    switch (resource) {
      case 'books': {
        const input = { source, dryRun, rows, ...(status === undefined ? {} : { status }) }
        return (await client.books.import.mutate(input as Parameters<typeof client.books.import.mutate>[0]))
          .results
      }
      case 'patients': {
        const input = { source, dryRun, rows }
        return (
          await client.records.patients.import.mutate(
            input as Parameters<typeof client.records.patients.import.mutate>[0],
          )
        ).results
      }
      case 'records': {
        const input = { source, dryRun, rows }
        return (
          await client.records.import.mutate(input as Parameters<typeof client.records.import.mutate>[0])
        ).results
      }
    }
  }
  let hasArrived = false
  return async (batch) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const results = await once(batch)
        hasArrived = true
        return results
      } catch (error) {
        if (attempt === attempts || !isPassing(error, hasArrived)) throw error
        await setTimeout(250 * 2 ** attempt, undefined, { signal })
      }
    }
  }
}

/** Tells whether to try again; a server that was never reached is to be named at once. */
function isPassing(error: unknown, hasArrived: boolean): boolean {
  if (!isCasebookError(error)) return false
  return (
    ['SERVICE_UNAVAILABLE', 'TOO_MANY_REQUESTS', 'TIMEOUT'].includes(error.code) ||
    error.reason === 'timed-out' ||
    (error.reason === 'unreachable' && hasArrived)
  )
}
