import type { Bench } from '../bench.ts'
import { watchMemory } from '../measure/peak.ts'
import { residentMb } from '../measure/processes.ts'
import { readAnswer } from '../measure/read.ts'
import { median } from '../measure/statistics.ts'
import { measureTask, ratioOfTasks, taskLine, type Done } from '../measure/task.ts'
import type { Goal, Line, Outcome } from '../outcome.ts'
import { copyOut } from '../setup/copy.ts'
import { withClient } from '../setup/database.ts'
import { logInApart } from '../setup/lookups.ts'
import { startOurs, type Server } from '../setup/server.ts'
import { ours } from './contenders.ts'

const raw = 'COPY TO STDOUT, bare client'
const forms = [
  { work: 'records as JSON', accept: 'application/json', name: 'JSON' },
  { work: 'records as NDJSON', accept: 'application/x-ndjson', name: 'NDJSON' },
  { work: 'records as CSV', accept: 'text/csv', name: 'CSV' },
]
/** For tables that do not hold the text: one as long as ours, made by PostgreSQL. */
const madeText = `json_strip_nulls(json_build_object(
  'id', 'rec_' || left(replace(id::text, '-', ''), 26), 'patientId', 'pat_' || left(replace(patient_id::text, '-', ''), 26),
  'date', date, 'kind', kind, 'status', status, 'title', title,
  'code', json_build_object('system', code_system, 'code', code, 'display', code_display),
  'notes', notes, 'clinician', clinician,
  'createdAt', created_at at time zone 'UTC', 'updatedAt', updated_at at time zone 'UTC', 'version', version))`

/** Whole lists, streamed. */
export async function measureLists(bench: Bench): Promise<Outcome> {
  const { records, books } = bench.options.sizes
  const databaseUrl = await bench.recordsOf(records)
  const catalogueUrl = (await bench.lookups()).url
  const authorization = `Bearer ${await logInApart(bench, databaseUrl)}`
  await using servers = new AsyncDisposableStack()
  const catalogue = servers.use(await startOurs(bench, catalogueUrl))
  const query = await queryOfTexts(databaseUrl)

  const copied: Done[] = []
  // Each form has a server of its own: memory that one has needed is not given back before the next.
  const listed = await Promise.all(
    forms.map(async (form) => {
      const server = servers.use(await startOurs(bench, databaseUrl))
      await readAnswer(`${server.url}/records?limit=100`, { headers: { authorization } })
      return {
        ...form,
        server,
        idle: residentMb(server.pid),
        rounds: [] as Done[],
        peaks: [] as number[],
        bytes: 0,
      }
    }),
  )
  const catalogues: Done[] = []
  let copiedBytes = 0
  for (let round = 0; round < bench.options.rounds; round += 1) {
    copied.push(
      await measureTask(bench, null, async () => {
        const began = performance.now()
        copiedBytes = await withClient(databaseUrl, (client) => copyOut(client, query))
        return { amount: records, seconds: (performance.now() - began) / 1000 }
      }),
    )
    for (const form of listed) {
      const stop = watchMemory(form.server.pid)
      form.rounds.push(
        await measureTask(bench, form.server.pid, async () => {
          const { bytes, seconds } = await readAnswer(`${form.server.url}/records`, {
            headers: { authorization, accept: form.accept },
          })
          form.bytes = bytes
          return { amount: records, seconds }
        }),
      )
      form.peaks.push(stop())
    }
    catalogues.push(await readCatalogue(bench, catalogue, books))
  }

  const lines: Line[] = [
    taskLine(
      { work: 'records as JSON', who: raw, isOurs: false, unit: 'rows/s', note: megabytes(copiedBytes) },
      copied,
      copied,
    ),
    ...listed.map(({ work, rounds, peaks, idle, bytes }) => {
      const note = `${megabytes(bytes)}, peak ${Math.round(Math.max(...peaks))} MB, idle ${Math.round(idle)} MB`
      return taskLine({ work, who: ours, isOurs: true, unit: 'rows/s', note }, rounds, copied)
    }),
    {
      ...taskLine({ work: 'books as JSON', who: ours, isOurs: true, unit: 'rows/s' }, catalogues, catalogues),
      ratio: null,
    },
  ]
  return {
    scenario: 'lists',
    title: `The whole list of ${records} records, and of ${books} books`,
    lines,
    goals: [
      {
        claim: 'rows a second of GET /records against COPY of the same text',
        value: ratioOfTasks(listed[0]?.rounds ?? [], copied),
        bound: 0.5,
        sense: 'at least',
        unit: '×',
      },
      ...listed.map(({ name, peaks, idle }): Goal => ({
        claim: `memory above idle while a whole list is sent as ${name}`,
        value: median(peaks) - idle,
        bound: 100,
        sense: 'at most',
        unit: 'MB',
      })),
    ],
  }
}

/** Gives the query of all records as text: as stored where the table holds it, else made. */
async function queryOfTexts(databaseUrl: string): Promise<string> {
  const { rowCount } = await withClient(databaseUrl, (client) =>
    client.query(
      `select from information_schema.columns where table_name = 'record' and column_name = 'document'`,
    ),
  )
  return `select ${rowCount === 0 ? madeText : 'document'} from record order by date desc, id desc`
}

function readCatalogue(bench: Bench, server: Server, books: number): Promise<Done> {
  return measureTask(bench, server.pid, async () => {
    const { seconds } = await readAnswer(`${server.url}/api/books`)
    return { amount: books, seconds }
  })
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB sent`
}
