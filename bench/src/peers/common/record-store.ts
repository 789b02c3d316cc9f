import { createHash } from 'node:crypto'
import type pg from 'pg'
import { newUuid, typeIdOf, uuidOfTypeId } from './ids.ts'

type RecordRow = {
  id: string
  patient_id: string
  date: string
  kind: string
  status: string
  title: string
  code_system: string | null
  code: string | null
  code_display: string | null
  notes: string | null
  clinician: string | null
  created_at: string
  updated_at: string
  version: number
}

/** A record, as text that goes out as it is, or as an object that is still to be written. */
export type FoundRecord = { readonly patientId: string; readonly json: string }
export type Actor = { readonly id: string; readonly username: string; readonly role: string }
export type AuditNote = {
  readonly actor: Actor
  readonly action: string
  readonly resource: string | null
  readonly patientId: string | null
  readonly count: number | null
  readonly requestId: string
}

const columns = `id, patient_id, date, kind, status, title, code_system, code, code_display, notes, clinician,
  created_at, updated_at, version`

/** Records as somebody reads them who wants nothing but speed: the stored text where there is one, else the columns. */
export async function createRecordStore(pool: pg.Pool, write: (record: object) => string) {
  const stored = await pool.query(
    `select from information_schema.columns where table_name = 'record' and column_name = 'document'`,
  )
  const hasDocument = stored.rowCount !== 0
  const select = `select ${hasDocument ? 'patient_id, document::text as json' : columns} from record`
  const found = (row: unknown): FoundRecord => {
    const { patient_id: patientId } = row as RecordRow
    return {
      patientId,
      json: hasDocument ? (row as { json: string }).json : write(recordOf(row as RecordRow)),
    }
  }
  const order = 'order by date desc, id desc limit $1'

  return {
    /** Lists records, latest day first, after the one with this day and id. */
    async list(
      db: pg.Pool | pg.PoolClient,
      { limit, after }: { limit: number; after: [string, string] | null },
    ) {
      const query =
        after === null
          ? { name: 'records-first', text: `${select} ${order}`, values: [limit] }
          : {
              name: 'records-next',
              text: `${select} where (date, id) < ($2, $3) ${order}`,
              values: [limit, after[0], uuidOfTypeId(after[1])],
            }
      return (await db.query(query)).rows.map(found)
    },

    async get(db: pg.Pool | pg.PoolClient, id: string): Promise<FoundRecord | null> {
      const query = { name: 'records-one', text: `${select} where id = $1`, values: [uuidOfTypeId(id)] }
      const [row] = (await db.query(query)).rows
      return row === undefined ? null : found(row)
    },
  }
}

/** Finds whose live bearer token this is. */
export async function findActor(pool: pg.Pool, token: string): Promise<Actor | null> {
  const { rows } = await pool.query<Actor>({
    name: 'session',
    text: `select u.id, u.username, u.role from session s join user_account u on u.id = s.user_id
      where s.id = $1 and s.kind = 'bearer' and s.expires_at > now() and s.absolute_expires_at > now() and u.disabled_at is null`,
    values: [createHash('sha256').update(token).digest('hex')],
  })
  return rows[0] ?? null
}

/** Does a read and writes its audit entry, in one transaction. */
export async function inAudited<T>(
  pool: pg.Pool,
  read: (client: pg.PoolClient) => Promise<T>,
  note: (result: T) => AuditNote,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await read(client)
    const { actor, action, resource, patientId, count, requestId } = note(result)
    await client.query({
      name: 'audit',
      text: `insert into audit_entry (id, at, actor_id, actor_username, actor_role, action, outcome, resource, patient_id, count, address, request_id)
        values ($1, clock_timestamp(), $2, $3, $4, $5, 'allowed', $6, $7, $8, '127.0.0.1', $9)`,
      values: [
        newUuid(),
        actor.id,
        actor.username,
        actor.role,
        action,
        resource,
        patientId,
        count,
        requestId,
      ],
    })
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

function recordOf(row: RecordRow): object {
  const { code_system: system, code, code_display: display } = row
  return {
    id: typeIdOf('rec', row.id),
    patientId: typeIdOf('pat', row.patient_id),
    date: row.date,
    kind: row.kind,
    status: row.status,
    title: row.title,
    ...(system === null ? {} : { code: { system, code, display } }),
    ...(row.notes === null ? {} : { notes: row.notes }),
    ...(row.clinician === null ? {} : { clinician: row.clinician }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}
