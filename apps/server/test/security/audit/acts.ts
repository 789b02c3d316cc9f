import type { AuditOutcome } from '@casebook/api/audit'
import type { Received, Role, TestServer } from '../../start-test-server.ts'

type ExpectedEntry = {
  readonly action: string
  readonly outcome: AuditOutcome
  readonly patient?: string | undefined
  readonly resource?: string | undefined
  /** It says how many objects there were. */
  readonly counts?: true
}

/** One request, and the entries that it leaves. */
export type Act = {
  readonly name: string
  readonly as: Role | undefined
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  readonly status: number
  readonly entries: readonly ExpectedEntry[]
  /** False where a failure is told within an answer that has begun. */
  readonly isPlain?: boolean
}

/** Sends an act; `{record}` and its like become ids. */
export function callAct(
  server: TestServer,
  { method, path, headers, body }: Act,
  { as, requestId }: { as: Role | undefined; requestId: string },
): Promise<Received> {
  return server.request(method, server.fill(path), {
    ...(as === undefined ? {} : { as }),
    headers: { ...headers, 'x-request-id': requestId },
    ...(body === undefined ? {} : { body: JSON.parse(server.fill(JSON.stringify(body))) as unknown }),
  })
}

const entryOf =
  (action: string, { patient, resource, counts }: Partial<ExpectedEntry> = {}) =>
  (outcome: AuditOutcome): ExpectedEntry => ({
    action,
    outcome,
    patient,
    resource,
    ...(counts === true ? { counts } : {}),
  })

const note = { date: '2024-01-02', kind: 'note', title: 'Seen' }
const person = { givenName: 'Ida', familyName: 'Lind', birthDate: '1970-01-02', sex: 'female' }
const ofRecord = { patient: '{patient}', resource: '{record}' }
const ofPatient = { patient: '{patient}', resource: '{patient}' }

type Kind = {
  readonly name: string
  readonly rest: Rest
  readonly trpc: readonly [name: string, input: object]
  readonly entry: Partial<ExpectedEntry>
}
type Rest = readonly [method: string, path: string, body?: object, status?: number] | null

/** Each way to what is private, over both transports. */
const kinds: readonly Kind[] = [
  {
    name: 'a list',
    rest: ['GET', '/records?limit=5'],
    trpc: ['records.list', { limit: 5 }],
    entry: { counts: true },
  },
  {
    name: 'a list of a patient',
    rest: ['GET', '/records?patientId={patient}&limit=5'],
    trpc: ['records.list', { patientId: '{patient}' }],
    entry: { patient: '{patient}', counts: true },
  },
  {
    name: 'a record',
    rest: ['GET', '/records/{record}'],
    trpc: ['records.get', { id: '{record}' }],
    entry: ofRecord,
  },
  {
    name: 'records of a patient',
    rest: ['GET', '/records/{patient}?limit=5'],
    trpc: ['records.byPatient', { patientId: '{patient}' }],
    entry: { ...ofPatient, counts: true },
  },
  {
    name: 'a history',
    rest: ['GET', '/records/{record}/history?limit=5'],
    trpc: ['records.history', { id: '{record}' }],
    entry: { ...ofRecord, counts: true },
  },
  {
    name: 'an amendment',
    rest: ['PATCH', '/records/{record}', { notes: 'Said.' }],
    trpc: ['records.amend', { id: '{record}', notes: 'Said.' }],
    entry: ofRecord,
  },
  {
    name: 'patients',
    rest: ['GET', '/patients?limit=5'],
    trpc: ['records.patients.list', { limit: 5 }],
    entry: { counts: true },
  },
  {
    name: 'a patient',
    rest: ['GET', '/patients/{patient}'],
    trpc: ['records.patients.get', { id: '{patient}' }],
    entry: ofPatient,
  },
  {
    name: 'a change of a patient',
    rest: ['PATCH', '/patients/{patient}', { sex: 'female' }],
    trpc: ['records.patients.update', { id: '{patient}', sex: 'female' }],
    entry: ofPatient,
  },
  {
    name: 'an import of records that creates none',
    rest: null,
    trpc: ['records.import', { source: 'trail', rows: [{ externalId: 'r', patient: 'nobody', ...note }] }],
    entry: {},
  },
  {
    name: 'an import of patients that creates none',
    rest: null,
    trpc: [
      'records.patients.import',
      { source: 'trail', rows: [{ externalId: 'p', mrn: 'CB-000001', ...person }] },
    ],
    entry: {},
  },
]

const changes = new Set([
  'records.amend',
  'records.patients.update',
  'records.import',
  'records.patients.import',
])
const badToken = { authorization: 'Bearer nonsense' }

const everyWay: readonly Act[] = kinds.flatMap(({ name, rest, trpc: [procedure, input], entry }): Act[] => {
  const made = entryOf(procedure, entry)
  const subject = { patient: entry.patient, resource: entry.resource ?? entry.patient }
  const refused = entryOf(procedure, subject)('refused')
  const query = encodeURIComponent(JSON.stringify(input)).replaceAll('%7B', '{').replaceAll('%7D', '}')
  const overTrpc = changes.has(procedure)
    ? { method: 'POST', path: `/trpc/${procedure}`, body: input }
    : { method: 'GET', path: `/trpc/${procedure}?input=${query}` }
  const [method, path, body] = rest ?? []
  const overRest =
    method === undefined || path === undefined
      ? []
      : [{ way: 'REST', method, path, ...(body === undefined ? {} : { body }) }]
  return [...overRest, { way: 'tRPC', ...overTrpc }].flatMap(({ way, ...call }): Act[] => [
    { ...call, name: `${name}, ${way}`, as: 'clinician', status: 200, entries: [made('allowed')] },
    { ...call, name: `${name}, ${way}, refused an editor`, as: 'editor', status: 403, entries: [refused] },
    { ...call, name: `${name}, ${way}, refused nobody`, as: undefined, status: 401, entries: [refused] },
    {
      ...call,
      name: `${name}, ${way}, refused a bad token`,
      as: undefined,
      headers: badToken,
      status: 401,
      entries: [refused],
    },
  ])
})

const by =
  (as: Role) =>
  ([name, path]: readonly [string, string], entries: ExpectedEntry[], more: Partial<Act> = {}): Act => ({
    name,
    as,
    method: 'GET',
    path,
    status: 200,
    entries,
    ...more,
  })
const clinician = by('clinician')
const linked = by('linked')
const streamed = entryOf('records.stream')('allowed')

const others: readonly Act[] = [
  clinician(['the whole list', '/records'], [streamed]),
  clinician(['the whole list as CSV', '/records'], [streamed], { headers: { accept: 'text/csv' } }),
  clinician(['the whole list as lines', '/records'], [streamed], {
    headers: { accept: 'application/x-ndjson' },
  }),
  clinician(['the whole list of a year', '/records?year=2024'], [streamed]),
  clinician(['the whole list by HEAD', '/records'], [streamed], { method: 'HEAD' }),
  clinician(['a record by HEAD', '/records/{record}'], [entryOf('records.get', ofRecord)('allowed')], {
    method: 'HEAD',
  }),
  clinician(
    ['a record that has not changed', '/records/{record}'],
    [entryOf('records.get', ofRecord)('allowed')],
    { headers: { 'if-none-match': '*' }, status: 304 },
  ),
  clinician(['a stream over tRPC', '/trpc/records.stream?batch=1&input=%7B%220%22:%7B%7D%7D'], [streamed], {
    headers: { 'trpc-accept': 'application/jsonl' },
    isPlain: false,
  }),
  clinician(
    [
      'two in a batch',
      '/trpc/records.get,records.byPatient?batch=1&input=%7B%220%22:%7B%22id%22:%22{record}%22%7D,%221%22:%7B%22patientId%22:%22{patient}%22%7D%7D',
    ],
    [
      entryOf('records.get', ofRecord)('allowed'),
      entryOf('records.byPatient', { ...ofPatient, counts: true })('allowed'),
    ],
    { isPlain: false },
  ),
  clinician(
    ['what is not there', '/records/rec_01jd3xq5e0f2q8n4v6z8a1b3ez'],
    [entryOf('records.get', { resource: 'rec_01jd3xq5e0f2q8n4v6z8a1b3ez' })('failed')],
    { status: 404 },
  ),
  clinician(['a cursor that is none', '/records?limit=1&cursor=x'], [entryOf('records.list')('failed')], {
    status: 400,
  }),
  clinician(
    ['an amendment of what has changed since', '/records/{record}'],
    [entryOf('records.amend', ofRecord)('failed')],
    { method: 'PATCH', body: { title: 'Late' }, headers: { 'if-match': '"no"' }, status: 412 },
  ),
  clinician(
    ['a record of no patient', '/records'],
    [entryOf('records.create', { patient: 'pat_01jd3xq5e0f2q8n4v6z8a1b3ez' })('failed')],
    { method: 'POST', body: { patientId: 'pat_01jd3xq5e0f2q8n4v6z8a1b3ez', ...note }, status: 400 },
  ),
  clinician(['a dry run', '/trpc/records.patients.import'], [entryOf('records.patients.import')('allowed')], {
    method: 'POST',
    body: { source: 'dry', dryRun: true, rows: [{ externalId: 'd', ...person }] },
  }),
  linked(
    ['its own list', '/records?limit=5'],
    [entryOf('records.list', { patient: '{patient}', counts: true })('allowed')],
  ),
  linked(
    ['its own whole list', '/records'],
    [entryOf('records.stream', { patient: '{patient}' })('allowed')],
  ),
  linked(['its own record', '/records/{record}'], [entryOf('records.get', ofRecord)('allowed')]),
  linked(
    ['another’s record', '/records/{otherRecord}'],
    [entryOf('records.get', { patient: '{otherPatient}', resource: '{otherRecord}' })('failed')],
    { status: 404 },
  ),
  linked(
    ['another’s history', '/records/{otherRecord}/history'],
    [entryOf('records.history', { patient: '{otherPatient}', resource: '{otherRecord}' })('failed')],
    { status: 404 },
  ),
  linked(
    ['another’s accesses', '/patients/{otherPatient}/access'],
    [entryOf('records.patients.access', { patient: '{otherPatient}', resource: '{otherPatient}' })('failed')],
    { status: 404 },
  ),
  linked(['patients, refused', '/patients'], [entryOf('records.patients.list')('refused')], { status: 403 }),
  linked(
    ['a record of its own, refused', '/records'],
    [entryOf('records.create', { patient: '{patient}', resource: '{patient}' })('refused')],
    { method: 'POST', body: { patientId: '{patient}', ...note }, status: 403 },
  ),
]

export const acts: readonly Act[] = [...everyWay, ...others]
