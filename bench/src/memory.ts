// Memory of the server while it answers the whole list of records: `npm run memory -- [records]` in bench/.
// Linux only: it reads the resident set from /proc.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAccount, createPasswords } from '@casebook/core'
import { generateRecords, migrateToLatest, openDatabase } from '@casebook/db'

const records = Number(process.argv[2] ?? 1_000_000)
const main = join(import.meta.dirname, '../../apps/server/src/main.ts')
const port = 3900
const url = `http://127.0.0.1:${port}`
const account = { username: 'bench', email: 'bench@example.com', password: 'four quiet herons wade' }

const folder = mkdtempSync(join(tmpdir(), 'casebook-bench-'))
chmodSync(folder, 0o711)
try {
  const generated = await fill()
  const server = await serve()
  try {
    await measure(server, generated)
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function fill(): Promise<number> {
  const database = await openDatabase({ dataDir: folder })
  await migrateToLatest(database.kysely)
  const began = performance.now()
  await generateRecords(database, { patients: Math.ceil(records / 30), records })
  const seconds = (performance.now() - began) / 1000
  await createAccount(
    { database, passwords: createPasswords({ processes: 0 }) },
    { ...account, role: 'clinician' },
  )
  await database.close()
  return records / seconds
}

async function serve(): Promise<ChildProcess> {
  const env = { ...process.env, DATA_DIR: folder, PORT: String(port) }
  const child = spawn(process.execPath, [main, '--no-sample'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const data of child.stdout as AsyncIterable<Buffer>)
    if (data.toString().includes('Ctrl-C ends it.')) break
  return child
}

async function measure(server: ChildProcess, generated: number): Promise<void> {
  const login = await fetch(`${url}/api/user/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: account.username, password: account.password }),
  })
  const { token } = (await login.json()) as { token: string }
  const authorization = `Bearer ${token}`
  await sleep(2000)
  const idle = residentMb(server, 'VmRSS')
  const rows: object[] = []
  for (const accept of ['application/json', 'application/x-ndjson', 'text/csv']) {
    resetPeak(server)
    const began = performance.now()
    const answer = await fetch(`${url}/records`, { headers: { authorization, accept } })
    let bytes = 0
    for await (const chunk of answer.body ?? []) bytes += (chunk as Uint8Array).length
    const seconds = (performance.now() - began) / 1000
    const peak = residentMb(server, 'VmHWM')
    rows.push({
      form: accept,
      status: answer.status,
      'MB sent': Math.round(bytes / 1e6),
      'records a second': Math.round(records / seconds),
      'idle MB': idle,
      'peak MB': peak,
      'above idle MB': peak - idle,
    })
  }
  process.stdout.write(`${records} records, generated at ${Math.round(generated)} a second\n`)
  console.table(rows)
}

function residentMb(child: ChildProcess, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
}

function resetPeak(child: ChildProcess): void {
  writeFileSync(`/proc/${child.pid}/clear_refs`, '5')
}
