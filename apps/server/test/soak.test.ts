import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCasebookClient } from '@casebook/client'
import { openTestDatabase, testEngine } from '@casebook/db/testing'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createServers } from './run-server.ts'
import { createLoad } from './soak-load.ts'

let folder: string
let servers: ReturnType<typeof createServers>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casebook-soak-'))
  servers = createServers(folder)
})
afterEach(async () => {
  await servers.endAll()
  rmSync(folder, { recursive: true, force: true })
})

async function login(url: string, name: string): Promise<string> {
  const client = createCasebookClient({ url })
  return (await client.auth.login.mutate({ username: name, password: `${name}-of-casebook` })).token
}

const titles = (all: readonly { title: string }[]) => all.map(({ title }) => title).toSorted()

describe.runIf(testEngine === 'postgres')('three servers of one database, under load', () => {
  test('lose and double nothing when one is killed and another one ended', { timeout: 120_000 }, async () => {
    await using database = await openTestDatabase()
    const env = { DATABASE_URL: database.url ?? '', UNSAFE_DATABASE: 'true', LOG_LEVEL: 'error' }
    const killed = await servers.serve(['--sample'], env)
    const [ended, steady] = await Promise.all([servers.serve([], env), servers.serve([], env)])
    const urls = [killed, ended, steady].map(({ url }) => url)
    const [author, clinician, admin] = await Promise.all(
      ['author', 'clinician', 'admin'].map((name) => login(steady.url, name)),
    )
    const load = createLoad(urls, { author: author ?? '', clinician: clinician ?? '' })
    const again = ({ url }: { url: string }) => servers.serve([], { ...env, PORT: new URL(url).port })

    const running = load.run(12)
    await load.after(80)
    killed.child.kill('SIGKILL')
    await load.after(30)
    await again(killed)
    await load.after(80)
    ended.child.kill('SIGTERM')
    await once(ended.child, 'exit')
    await load.after(30)
    await again(ended)
    await load.after(80)
    load.stop()
    await running

    expect(ended.child.exitCode).toBe(0)
    expect([...load.statuses.keys()].filter((status) => ![200, 201, 503].includes(status))).toEqual([])
    for (const [table, acknowledged] of [
      ['book', load.books],
      ['record', load.records],
    ] as const) {
      const { rows } = await sql<{ title: string }>`
        select title from ${sql.table(table)} where title ~ '^\\d+-\\d+$'`.execute(database.kysely)
      expect(titles(rows), table).toEqual(titles(acknowledged))
    }
    // A create that is sent again has an entry of its own: it was answered again.
    const { rows } = await sql<{ resource: string }>`
      select distinct resource from audit_entry
      where action = 'records.create' and outcome = 'allowed'`.execute(database.kysely)
    expect(rows.map(({ resource }) => resource).toSorted()).toEqual(
      load.records.map(({ id }) => id).toSorted(),
    )
    const client = createCasebookClient({ url: steady.url, token: admin ?? '' })
    await expect
      .poll(() => client.audit.verify.query({}), { timeout: 20_000 })
      .toMatchObject({ ok: true, pending: 0 })
  })
})
