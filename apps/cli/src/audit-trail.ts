import type { CasebookClient } from '@casebook/client'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import { text, type Filters, type Listed } from './resources.ts'

/** The audit trail, as far as it is listed and exported like everything else. */
export const auditTrail: Listed = {
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

async function findAccount(client: CasebookClient, who: string): Promise<string> {
  if (who.startsWith('user_')) return who
  const { items } = await client.auth.users.list.query({ q: who, limit: 1000 })
  const found = items.find(({ username }) => username.toLowerCase() === who.toLowerCase())
  if (found === undefined)
    throw new CommandFailure(`There is no account called «${who}».`, exitCodes.notFound, 'give its id')
  return found.id
}

function instantOf(typed: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(typed) ? `${typed}T00:00:00Z` : typed
}
