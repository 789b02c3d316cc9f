import { execFile } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generateRecords } from '@casebook/db'
import type { Bench } from '../bench.ts'
import { measureTask, ratioOfTasks, taskLine, type Done } from '../measure/task.ts'
import type { Outcome } from '../outcome.ts'
import { loadTables, saveTables, type TableFile } from '../setup/copy.ts'
import { logIn, makeDatabase, withClient } from '../setup/database.ts'
import { importSource, recordRow, writeRecordsCsv } from '../setup/record-rows.ts'
import { startOurs } from '../setup/server.ts'

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../../../apps/cli/src/main.js')
const template = 'bench_imports'
const copyName = 'bench_import'
const raw = 'COPY FROM STDIN, bare client'
/** Rows that one call takes (`maxImportRows` of the contract), and calls at once. */
const batch = 1000
const lanes = 2

type Target = { readonly url: string; readonly token: string }

/** An import of records into empty tables with their indexes: by the command line, over tRPC, and by COPY. */
export async function measureImports(bench: Bench): Promise<Outcome> {
  const { imports: records, patients } = bench.options.sizes
  const folder = join(bench.folder, 'imports')
  mkdirSync(folder)
  const file = join(folder, 'records.csv')
  bench.say(`Writing ${records} rows to import …`)
  await writeRecordsCsv(file, { records, patients })
  await makeDatabase(bench, template, (database) =>
    generateRecords(database, { patients, records: 0, source: importSource }),
  )
  const byCommand: Done[] = []
  const byTrpc: Done[] = []
  const copied: Done[] = []
  for (let round = 0; round < bench.options.rounds; round += 1) {
    let tables: TableFile[] = []
    byCommand.push(await throughOurs(bench, records, (target) => importByCommand(file, target, bench.folder)))
    byTrpc.push(
      await throughOurs(
        bench,
        records,
        (target) => importByTrpc({ records, patients }, target),
        async (url) => (tables = await withClient(url, (client) => saveTables(client, folder))),
      ),
    )
    copied.push(await copyIn(bench, records, tables))
  }
  await bench.cluster.drop(copyName)
  rmSync(folder, { recursive: true })
  const line = { work: 'import of records', unit: 'rows/s' } as const
  const goal = { bound: 0.4, sense: 'at least', unit: '×' } as const
  return {
    scenario: 'imports',
    title: `An import of ${records} records`,
    lines: [
      taskLine({ ...line, who: raw, isOurs: false }, copied, copied),
      taskLine({ ...line, who: 'casebook records import', isOurs: true }, byCommand, copied),
      taskLine({ ...line, who: 'records.import over tRPC', isOurs: true }, byTrpc, copied),
    ],
    goals: [
      { claim: 'casebook records import against COPY', value: ratioOfTasks(byCommand, copied), ...goal },
      { claim: 'records.import over tRPC against COPY', value: ratioOfTasks(byTrpc, copied), ...goal },
    ],
  }
}

/** Imports into a fresh database through a server of ours; `after` sees what has become of it. */
async function throughOurs(
  bench: Bench,
  records: number,
  ...[work, after]: [(target: Target) => Promise<void>, ((url: string) => Promise<unknown>)?]
): Promise<Done> {
  const databaseUrl = await bench.cluster.create(copyName, template)
  const done = await (async () => {
    await using server = await startOurs(bench, databaseUrl)
    const target = { url: server.url, token: await logIn(server.url) }
    return await measureTask(bench, server.pid, async () => {
      const began = performance.now()
      await work(target)
      return { amount: records, seconds: (performance.now() - began) / 1000 }
    })
  })()
  await assertImported(databaseUrl, records)
  await after?.(databaseUrl)
  return done
}

async function copyIn(bench: Bench, records: number, tables: readonly TableFile[]): Promise<Done> {
  const url = await bench.cluster.create(copyName, template)
  const done = await withClient(url, (client) =>
    measureTask(bench, null, async () => {
      const began = performance.now()
      await loadTables(client, tables)
      return { amount: records, seconds: (performance.now() - began) / 1000 }
    }),
  )
  await assertImported(url, records)
  return done
}

async function importByCommand(file: string, { url, token }: Target, home: string): Promise<void> {
  const env = { PATH: process.env['PATH'], HOME: home, CASEBOOK_URL: url, CASEBOOK_TOKEN: token }
  await run(process.execPath, [cli, 'records', 'import', file, '--source', importSource], { env })
}

async function importByTrpc(
  { records, patients }: { records: number; patients: number },
  { url, token }: Target,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < records) {
      const first = next
      next += batch
      const rows = Array.from({ length: Math.min(batch, records - first) }, (_, index) =>
        recordRow(first + index, patients),
      )
      const answer = await fetch(`${url}/trpc/records.import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ source: importSource, rows }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`records.import was answered ${answer.status}: ${text.slice(0, 500)}`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

async function assertImported(url: string, records: number): Promise<void> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ count: string }>('select count(*) from record'),
  )
  if (Number(rows[0]?.count) !== records)
    throw new Error(`of ${records} records ${rows[0]?.count} were imported: the rate would mean nothing`)
}
