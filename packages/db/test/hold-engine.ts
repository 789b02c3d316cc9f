// Opens the embedded engine in a folder, adds a row, says how many there are, and stays until SIGTERM.
import { once } from 'node:events'
import { Kysely, sql } from 'kysely'
import { openEngine } from '../src/engine/open-engine.ts'

const engine = await openEngine({ dataDir: process.argv[2] })
const kysely = new Kysely<unknown>({ dialect: engine.dialect })
await sql`create table if not exists held (at timestamptz default now())`.execute(kysely)
await sql`insert into held default values`.execute(kysely)
const { rows } = await sql<{ count: number }>`select count(*)::int as count from held`.execute(kysely)
const count = rows[0]?.count ?? 0
// Before the line: whoever reads it may end us at once.
const ended = once(process, 'SIGTERM')
process.stdout.write(`${count} ${count === 1 ? 'row' : 'rows'}\n`)
const alive = setInterval(() => undefined, 1000)
await ended
clearInterval(alive)
await kysely.destroy()
await engine.stop()
