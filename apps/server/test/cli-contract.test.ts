import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appRouter } from '@casebook/api'
import { exampleUser } from '@casebook/api/auth'
import { createSecretBox } from '@casebook/core'
import { commandSpecs, type CommandSpec } from 'casebook/contract'
import { buildProgram } from 'casebook/program'
import { handMade, ownFlows, wordsOf } from 'casebook/words'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { examples, examplesWithCodes } from './examples/all.ts'
import { prepareExamples } from './examples/prepared.ts'
import { runCasebook } from './run-casebook.ts'
import { startTestServer, type Role, type TestServer } from './start-test-server.ts'

type Command = ReturnType<typeof buildProgram>
type Definition = { readonly output: { readonly schema: z.ZodType } }
const procedures = appRouter._def.procedures as unknown as Record<string, { readonly _def: Definition }>

/** What is typed for each command that does something. */
function leavesOf(command: Command, path = ''): string[] {
  if (command.commands.length === 0) return [path]
  return command.commands.flatMap((inner) => leavesOf(inner, `${path} ${inner.name()}`.trim()))
}

const leaves = leavesOf(buildProgram())

/** The flags of a command, by what is typed. */
function optionsOf(words: string): (string | undefined)[] {
  const find = (command: Command, name: string) =>
    command.commands.find((one) => one.name() === name) ?? command
  return words
    .split(' ')
    .reduce(find, buildProgram())
    .options.map(({ long }) => long)
}

describe('the tree of commands', () => {
  test('has a command for every procedure, by one of two tables', () => {
    const named = [...Object.keys(wordsOf), ...Object.keys(handMade)]
    expect(named.toSorted()).toEqual(Object.keys(procedures).toSorted())
  })

  test('has a procedure for every command, or a reason to have none', () => {
    const known = [
      ...commandSpecs.map(({ words }) => words),
      ...Object.values(handMade).flatMap(({ words }) => words),
      ...Object.keys(ownFlows),
    ]
    expect([...new Set(known)].toSorted()).toEqual(leaves.toSorted())
  })

  test('takes every field of an input, and no secret as a flag', () => {
    for (const { procedure, flags, args, secrets, fixed = {}, words } of commandSpecs) {
      const { inputs } = procedures[procedure]!._def as unknown as { inputs: readonly z.ZodType[] }
      const schema = z.toJSONSchema(inputs[0] ?? z.never(), { io: 'input', unrepresentable: 'any' })
      const fields = Object.keys(schema.properties ?? schema.anyOf?.[0]?.properties ?? {})
      const taken = [
        ...flags.map(({ field }) => field),
        ...args,
        ...secrets.map(({ field }) => field),
        ...Object.keys(fixed),
        ...(wordsOf[procedure]?.find((one) => one.words === words)?.without ?? []),
        ...(fields.includes('cursor') ? ['cursor'] : []),
      ]
      expect([words, taken.toSorted()]).toEqual([words, fields.toSorted()])
      const named = procedure.startsWith('auth.') ? [...flags.map(({ field }) => field), ...args] : []
      expect(named.filter((field) => /password|^code|^key$|token|secret|invitation/i.test(field))).toEqual([])
    }
  })

  test('takes --dry-run wherever something is changed', () => {
    const changing = Object.entries(procedures)
      .filter(([, { _def }]) => (_def as unknown as { type: string }).type === 'mutation')
      .flatMap(([name]) => handMade[name]?.words ?? wordsOf[name]?.map(({ words }) => words) ?? [])
    expect(changing.length).toBeGreaterThan(30)
    expect(changing.filter((words) => !optionsOf(words).includes('--dry-run'))).toEqual([])
  })

  test('asks before whatever is deleted', () => {
    const deleting = commandSpecs.filter(({ procedure }) => {
      const { meta } = procedures[procedure]!._def as unknown as { meta: { rest?: { method: string } } }
      return meta.rest?.method === 'DELETE'
    })
    expect(deleting.length).toBeGreaterThan(5)
    expect(deleting.filter(({ destroys }) => destroys !== true).map(({ words }) => words)).toEqual([])
  })
})

/** What is shown as JSON: a list as an array of its items. */
function shownSchema({ procedure, answer }: CommandSpec): z.ZodType {
  const { schema } = procedures[procedure]!._def.output
  return answer.form === 'page' ? (schema as z.ZodObject<{ items: z.ZodType }>).shape.items : schema
}

/** Specs with the example of the contract that each of theirs is made of, in an order in which each works. */
const runsOf = (given: typeof examples) =>
  given
    .filter(({ procedure }, place) => place === given.findIndex((one) => one.procedure === procedure))
    .flatMap(({ procedure, input, actor }) =>
      commandSpecs
        .filter((spec) => spec.procedure === procedure)
        .map((spec) => ({ spec, actor, words: spec.words, input: (input ?? {}) as Record<string, string> })),
    )

const runs = runsOf(examples)
/** What ends the sessions of the account of the examples. */
const ends = ['users disable', 'users enable']
const parts = [
  { part: 'every command', of: runs.filter(({ words }) => !ends.includes(words)) },
  {
    part: 'what takes a code, or ends the sessions of others',
    of: [...runsOf(examplesWithCodes), ...runs.filter(({ words }) => ends.includes(words))],
  },
]

test('every command of the contract has an example that is run', () => {
  const run = parts.flatMap(({ of }) => of.map(({ words }) => words))
  expect(run.toSorted()).toEqual(commandSpecs.map(({ words }) => words).toSorted())
})

describe.each(parts)('the example of $part works, and its JSON is what the contract says', ({ of }) => {
  let server: TestServer
  let folder: string
  beforeAll(async () => {
    server = await startTestServer({ now: () => Date.parse('2026-01-05T09:05:00Z') })
    await prepareExamples(server.database)
    folder = mkdtempSync(join(tmpdir(), 'casebook-contract-'))
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Begins with the secret that the example of `enroll` shows, sealed as the test server does. */
  const beginFactor = () => {
    const sealed = createSecretBox(new Uint8Array(32)).seal(
      'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      `totp of ${exampleUser.id}`,
    )
    return server.database.stores.secondFactors.begin(exampleUser.id, sealed)
  }

  const kept = new Map<Role, string>()
  /** A token of the moment; an account with a second factor goes on with the one that it had. */
  const tokenOf = async (username: Role) => {
    const password = `${username}-of-casebook`
    const { json } = await server.request('POST', '/api/user/login', { body: { username, password } })
    const { token, type } = json as { token?: string; type?: string }
    if (token !== undefined) kept.set(username, token)
    return token ?? (type?.endsWith('second-factor-required') === true ? (kept.get(username) ?? '') : '')
  }

  test.each(of)('casebook $words', async ({ spec, actor, input }) => {
    if (spec.words === 'auth totp confirm') await beginFactor()
    if (spec.words === 'users remove-totp') {
      await beginFactor()
      await sql`update second_factor set confirmed_at = now()`.execute(server.database.kysely)
    }
    const [line = '', file] = spec.example.split(' < ')
    const secrets = spec.secrets.flatMap(({ field }) => input[field] ?? []).join('\n')
    if (file !== undefined) writeFileSync(join(folder, file), secrets)
    const done = await runCasebook([...argumentsOf(line), '--json'], {
      env: { CASEBOOK_URL: server.url, CASEBOOK_TOKEN: await tokenOf(actor) },
      input: file === undefined ? '' : secrets,
      cwd: folder,
    })
    expect(done, done.err).toMatchObject({ code: 0 })
    expect(shownSchema(spec).safeParse(done.json).error).toBeUndefined()
  })
})

describe('what changes something', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
    await prepareExamples(server.database)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const at = (actor: Role) => ({ env: { CASEBOOK_URL: server.url, CASEBOOK_TOKEN: server.tokenOf(actor) } })

  test('is not undone without --yes, where nobody can be asked', async () => {
    const destroying = commandSpecs.filter(({ destroys }) => destroys === true)
    expect(destroying.length).toBeGreaterThan(10)
    const before = await contentOf(server)
    for (const { words, example } of destroying) {
      const args = argumentsOf(example.split(' < ')[0] ?? '').filter((argument) => argument !== '--yes')
      const done = await runCasebook(args, at('admin'))
      expect([done.code, done.out], words).toEqual([2, ''])
      expect(done.err).toContain('it needs --yes')
    }
    expect(await contentOf(server)).toEqual(before)
  })

  test('is shown with --dry-run, and leaves the database as it was', { timeout: 60_000 }, async () => {
    const before = await contentOf(server)
    const changes = [...examples, ...examplesWithCodes].filter(({ type }) => type === 'mutation')
    for (const { spec, actor, input } of runsOf(changes)) {
      const args = argumentsOf(spec.example.split(' < ')[0] ?? '')
      const done = await runCasebook([...args, '--dry-run', '--json'], at(actor))
      expect(done, `${spec.words}: ${done.err}`).toMatchObject({
        code: 0,
        json: { dryRun: true, procedure: spec.procedure, url: server.url },
      })
      for (const { field } of spec.secrets) {
        if (input[field] !== undefined) expect(done.out).not.toContain(input[field])
      }
      const { present } = done.json as { present?: unknown }
      expect([spec.words, present !== undefined]).toEqual([spec.words, spec.present !== undefined])
    }
    expect(await contentOf(server)).toEqual(before)
  })
})

/** What is typed, as a shell takes it apart, without the name of the program. */
function argumentsOf(line: string): string[] {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  return words.slice(1)
}

/** A sum of every table; of what is read there are entries in the trail, and sessions that were used. */
async function contentOf({ database: { kysely } }: TestServer): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'`.execute(kysely)
  const kept = tables.filter(({ name }) => !/^audit|^session$/.test(name))
  const sums: Record<string, string> = {}
  for (const { name } of kept) {
    const { rows } = await sql<{ sum: string }>`
      select md5(coalesce(string_agg(line, ',' order by line), '')) as sum
      from (select t::text as line from ${sql.table(name)} t) as lines`.execute(kysely)
    sums[name] = rows[0]?.sum ?? ''
  }
  return sums
}
