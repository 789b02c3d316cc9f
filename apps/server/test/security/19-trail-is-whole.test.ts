import { newId, type Caller } from '@casebook/api'
import type { AuditVerification } from '@casebook/api/audit'
import { createDeps, createPasswords, createServices, startSealer } from '@casebook/core'
import { grantToServer, openDatabase, readSecret, type Database } from '@casebook/db'
import { openTestDatabase, testEngine } from '@casebook/db/testing'
import { sql } from 'kysely'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loadSample } from '../../src/sample.ts'
import { wideLimits } from '../start-test-server.ts'

const onError = (error: unknown) => {
  throw error
}
const caller: Caller = {
  user: { id: newId('user'), username: 'auditor', role: 'admin', patientId: null },
  session: null,
  requestId: 'r',
  address: '::1',
  userAgent: null,
}

async function servicesOn(database: Database) {
  const passwords = createPasswords({ processes: 0 })
  const deps = createDeps({
    database,
    passwords,
    publicUrl: 'http://127.0.0.1',
    cursorKey: await readSecret(database.kysely, 'cursor'),
    sessions: { idleMinutes: 30, tokenMinutes: 720 },
    limits: wideLimits,
    secretKey: null,
    demands: { mfa: false, verifiedEmail: false },
    catalogueBytes: 0,
  })
  return createServices(deps, caller)
}

const append = (database: Database, action: string) =>
  database.transaction((tx) =>
    tx.auditWriter.append({ action, outcome: 'allowed', address: '::1', requestId: action }),
  )

/** A trail of twenty sealed entries. */
async function openTrail() {
  const database = await openTestDatabase()
  for (let number = 1; number <= 20; number += 1) await append(database, `act-${number}`)
  const sealer = startSealer({ database, intervalMs: 60_000, onError })
  await sealer.seal()
  const { audit } = await servicesOn(database)
  return {
    database,
    verify: (head?: string) => audit.verify(head === undefined ? undefined : { head }),
    async [Symbol.asyncDispose]() {
      await sealer.stop()
      await database[Symbol.asyncDispose]()
    },
  }
}

/** Runs SQL as a superuser who puts the guards of the tables out of the way. */
async function tamper({ kysely }: Database, ...statements: readonly string[]): Promise<void> {
  for (const table of ['audit_entry', 'audit_seal', 'audit_head'])
    await sql`alter table ${sql.table(table)} disable trigger all`.execute(kysely)
  for (const statement of statements) await sql.raw(statement).execute(kysely)
}

const kindsOf = ({ problems }: AuditVerification) => problems.map(({ kind }) => kind)
const entryAt = (seq: number) => `(select entry_id from audit_seal where seq = ${seq})`

describe('security 19: a check of the trail finds what was done behind its back', () => {
  test('nothing, where nothing was done', async () => {
    await using trail = await openTrail()
    const found = await trail.verify()
    expect(found).toMatchObject({
      ok: true,
      sealed: 20,
      problems: [],
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await trail.verify(found.head ?? '')).toMatchObject({ ok: true })
  })

  const changes: readonly (readonly [string, string])[] = [
    ['who', `actor_username = 'else'`],
    ['role', `actor_role = 'reader'`],
    ['what', `action = 'nothing'`],
    ['outcome', `outcome = 'refused'`],
    ['patient', `patient_id = gen_random_uuid()`],
    ['when', `at = at - interval '1 second'`],
    ['address', `address = '::2'`],
    ['request', `request_id = 'x'`],
    ['detail', `detail = 'x'`],
    ['count', `count = 1`],
    ['resource', `resource = 'x'`],
  ]
  test.each(changes)('an edit of %s', async (_field, change) => {
    await using trail = await openTrail()
    await tamper(trail.database, `update audit_entry set ${change} where id = ${entryAt(7)}`)
    const found = await trail.verify()
    expect(found.problems).toMatchObject([{ kind: 'edited', message: expect.stringContaining('link 7') }])
    expect(found.ok).toBe(false)
  })

  test('a deletion, of the entry alone and with its link', async () => {
    await using trail = await openTrail()
    await tamper(trail.database, `delete from audit_entry where id = ${entryAt(7)}`)
    expect(kindsOf(await trail.verify())).toEqual(['missing'])
    await tamper(trail.database, 'delete from audit_seal where seq = 7')
    const { problems } = await trail.verify()
    expect(problems).toMatchObject([{ kind: 'missing', message: expect.stringContaining('7') }])
  })

  test('a swap, of two places in the chain and of what two entries say', async () => {
    await using places = await openTrail()
    const { rows } = await sql<{ id: string }>`
      select entry_id as id from audit_seal where seq in (7, 8) order by seq`.execute(places.database.kysely)
    const [seventh, eighth] = rows
    await tamper(
      places.database,
      'update audit_seal set entry_id = gen_random_uuid() where seq = 7',
      `update audit_seal set entry_id = '${seventh?.id}' where seq = 8`,
      `update audit_seal set entry_id = '${eighth?.id}' where seq = 7`,
    )
    expect(kindsOf(await places.verify())).toEqual(['swapped', 'swapped'])

    await using contents = await openTrail()
    await tamper(
      contents.database,
      `update audit_entry a set action = b.action, request_id = b.request_id, at = b.at from audit_entry b
       where a.id <> b.id and a.id in (${entryAt(7)}, ${entryAt(8)}) and b.id in (${entryAt(7)}, ${entryAt(8)})`,
    )
    expect(kindsOf(await contents.verify())).toEqual(['swapped', 'swapped'])
  })

  test('a tail that was cut off, and one that was cut off with the head put back', async () => {
    await using trail = await openTrail()
    const { head } = await trail.verify()
    await tamper(
      trail.database,
      'delete from audit_entry where id in (select entry_id from audit_seal where seq > 17)',
      'delete from audit_seal where seq > 17',
    )
    expect(kindsOf(await trail.verify())).toEqual(['cut-tail'])
    await tamper(
      trail.database,
      'update audit_head set (seq, hash) = (select seq, hash from audit_seal order by seq desc limit 1)',
    )
    expect(kindsOf(await trail.verify(head ?? ''))).toEqual(['cut-tail'])
    await tamper(
      trail.database,
      'truncate audit_entry, audit_seal',
      `update audit_head set seq = 0, hash = ''`,
    )
    expect(kindsOf(await trail.verify(head ?? ''))).toEqual(['cut-tail'])
  })
})

describe('security 19: the trail is sealed in time', () => {
  afterEach(() => void vi.useRealTimers())

  test('within each second, without being asked', async () => {
    await using database = await openTestDatabase()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const sealer = startSealer({ database, onError })
    await append(database, 'act')
    vi.advanceTimersByTime(1000)
    // What has begun by then is done when it has stopped.
    await sealer.stop()
    expect(await database.stores.chain.countPending()).toBe(0)
    expect(await database.stores.chain.head()).toMatchObject({ seq: 1 })
  })
})

const forbidden = [
  `update audit_entry set action = 'x'`,
  'delete from audit_entry',
  'truncate audit_entry',
  `update audit_seal set hash = 'x'`,
  'delete from audit_seal',
  'truncate audit_seal',
  'delete from audit_head',
  'truncate audit_head',
  `update audit_head set seq = 1, hash = 'x'`,
  `update audit_head set seq = 20, hash = 'x'`,
]

describe('security 19: the trail takes nothing but new entries', () => {
  test.each(forbidden)('«%s» fails, whoever owns the table', async (statement) => {
    await using trail = await openTrail()
    await expect(sql.raw(statement).execute(trail.database.kysely)).rejects.toThrow(
      /append-only|forward only/,
    )
    expect(await trail.verify()).toMatchObject({ ok: true, sealed: 20 })
  })
})

describe.runIf(testEngine === 'postgres')('security 19: the role of the server', () => {
  /** A database with the sample data, as a role sees it that may do what a server does. */
  async function openAsServer() {
    const owner = await openTestDatabase()
    await loadSample(owner, createPasswords({ processes: 0 }))
    for (let number = 1; number <= 20; number += 1) await append(owner, `act-${number}`)
    const role = `server_${owner.url?.slice(-24).replaceAll(/\W/g, '_')}`.slice(0, 60)
    await sql`create role ${sql.id(role)} login`.execute(owner.kysely)
    await grantToServer(owner.kysely, role)
    const url = new URL(owner.url ?? '')
    url.username = role
    const server = await openDatabase({ databaseUrl: url.href, unsafe: true })
    return {
      owner,
      server,
      role,
      async [Symbol.asyncDispose]() {
        await server.close()
        await sql`drop owned by ${sql.id(role)}`.execute(owner.kysely)
        await sql`drop role ${sql.id(role)}`.execute(owner.kysely)
        await owner[Symbol.asyncDispose]()
      },
    }
  }

  const denied = [
    ...forbidden.filter((statement) => !statement.startsWith('update audit_head')),
    'insert into audit_head (only_one, seq, hash) values (false, 1, 1)',
    'alter table audit_entry disable trigger append_only',
    'drop trigger append_only on audit_entry',
    'alter table audit_entry owner to current_user',
    'drop table audit_entry',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
    'set session_replication_role = replica',
    `delete from kysely_migration`,
  ]
  test.each(denied)('may not «%s»', async (statement) => {
    await using opened = await openAsServer()
    await expect(sql.raw(statement).execute(opened.server.kysely)).rejects.toThrow(
      /permission denied|must be owner/,
    )
  })

  test('serves: reads, changes, seals, checks, and cleans up', async () => {
    await using opened = await openAsServer()
    const services = await servicesOn(opened.server)
    const { items } = await services.patients.list({ limit: 1 })
    const patientId = items[0]?.id ?? newId('patient')
    const note = { patientId, date: '2024-01-02', kind: 'note', title: 'x', status: 'final' } as const
    const record = await services.records.create(note)
    await services.records.amend({ id: record.id, title: 'y' })
    expect((await services.records.history({ id: record.id, limit: 10 })).items).toHaveLength(2)
    await services.auth.register({
      username: 'n',
      email: 'n@example.com',
      password: 'nine tired otters swim',
      role: 'reader',
    })
    const sealer = startSealer({ database: opened.server, intervalMs: 60_000, onError })
    await sealer.seal()
    await sealer.stop()
    expect(await services.audit.verify(undefined)).toMatchObject({ ok: true, problems: [] })
    await opened.server.stores.sessions.deleteExpired()
    await opened.server.stores.mail.purge()
  })

  test('is not one that could take the rights back', async () => {
    await using owner = await openTestDatabase()
    const { rows } = await sql<{ name: string }>`select current_user as name`.execute(owner.kysely)
    await expect(grantToServer(owner.kysely, rows[0]?.name ?? '')).rejects.toThrow(/name another one/)
    await expect(grantToServer(owner.kysely, 'nobody-of-this-name')).rejects.toThrow(/create it first/)
  })
})
