import type { CasebookClient } from '@casebook/client'
import { findAccount } from './accounts.ts'
import { text, type Filters, type Listed } from './resources.ts'

/** What is listed by a number of rows, too. */
export type Paged = {
  /** Columns of tables. */
  readonly columns: readonly string[]
  readonly page: (client: CasebookClient, filters: Filters, limit: number) => Promise<object[]>
}

/** The audit trail, as far as it is listed and exported like everything else. */
export const auditTrail: Listed & Paged = {
  name: 'audit entries',
  filters: [
    text('who', 'id or user name of who did it'),
    text('patient', 'id of the patient whose data it was', 'patientId'),
    text('resource', 'id of what was read or changed'),
    text('action', 'the procedure, such as records.get'),
    text('outcome', 'allowed, refused or failed'),
    text('request', 'id of the request', 'requestId'),
    text('from', 'first day or instant, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ, in UTC'),
    text('to', 'day or instant before which entries end'),
  ],
  columns: ['at', 'actor', 'action', 'outcome', 'resource', 'patientId', 'count', 'address'],
  fields: [
    'id',
    'at',
    'actor',
    'action',
    'outcome',
    'resource',
    'patientId',
    'count',
    'detail',
    'address',
    'requestId',
    'credential',
  ],
  async *list(client, filters) {
    yield* await client.audit.stream.query(await filtersOfContract(client, filters))
  },
  async page(client, filters, limit) {
    const { items } = await client.audit.list.query({ ...(await filtersOfContract(client, filters)), limit })
    return items
  },
}

/** Turns what is typed into what the contract takes: a name into an id, a day into its first instant. */
async function filtersOfContract(client: CasebookClient, filters: Filters): Promise<Filters> {
  const { who, from, to, ...others } = filters
  return {
    ...others,
    ...(who === undefined ? {} : { actorId: await findAccount(client, String(who)) }),
    ...(from === undefined ? {} : { from: instantOf(String(from)) }),
    ...(to === undefined ? {} : { to: instantOf(String(to)) }),
  }
}

function instantOf(typed: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(typed) ? `${typed}T00:00:00Z` : typed
}
