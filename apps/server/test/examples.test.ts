import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examples, type ContractExample } from './examples/all.ts'
import { prepareExamples } from './examples/prepared.ts'
import { callClient } from './equivalence/transports.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'

const run = promisify(execFile)
type Sample = { readonly lang: string; readonly source: string }
type Operation = { readonly operationId: string; readonly 'x-codeSamples': readonly Sample[] }

describe('every example of the contract', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
    await prepareExamples(server.database)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test.each(examples)('$procedure: $summary', async ({ procedure, type, input, actor }) => {
    const token = await logIn(server, actor)
    const answer = await callClient(server.url, { name: procedure, type }, { input, token })
    expect(answer).toMatchObject({ ok: true })
    if (!answer.ok || !isStream(answer.value)) return
    for await (const item of answer.value) expect(item).toBeTypeOf('object')
  })
})

const shown = firstOfEach(examples)

describe('every sample of the document for curl, pasted', () => {
  let server: TestServer
  let sampleOf: SampleOf
  beforeAll(async () => {
    server = await startTestServer()
    await prepareExamples(server.database)
    sampleOf = await readSamples(server, 'Shell')
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test.each(shown)('$procedure', async ({ procedure, actor }) => {
    const source = sampleOf(procedure)
    if (source === undefined) return
    const token = await logIn(server, actor)
    const failing = source.replace('curl -sS', 'curl -sS --fail-with-body')
    await run('bash', ['-c', failing], { env: { ...process.env, CASEBOOK_TOKEN: token ?? '' } })
  })
})

describe('every sample of the document for TypeScript, pasted', () => {
  let server: TestServer
  let folder: string
  beforeAll(async () => {
    server = await startTestServer()
    await prepareExamples(server.database)
    // Below the examples, so that the samples find the client as its users' code does.
    const parent = join(import.meta.dirname, '../../../examples/.samples')
    mkdirSync(parent, { recursive: true })
    folder = mkdtempSync(join(parent, 'run-'))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await server[Symbol.asyncDispose]()
  })

  test('all of them compile and run', { timeout: 120_000 }, async () => {
    const sampleOf = await readSamples(server, 'TypeScript')
    const files = shown.flatMap(({ procedure, actor }, place) => {
      const source = sampleOf(procedure)
      if (source === undefined) return []
      const file = join(folder, `${String(place).padStart(2, '0')}-${procedure}.ts`)
      writeFileSync(file, source)
      return [{ file, actor }]
    })
    expect(files.length).toBeGreaterThan(35)
    const config = { extends: '../../../tsconfig.base.json', include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    await run(join(import.meta.dirname, '../../../node_modules/.bin/tsc'), ['--project', folder])
    const runner = join(import.meta.dirname, 'examples/run-samples.ts')
    const { stdout } = await run(process.execPath, [runner, server.url, JSON.stringify(files)])
    expect(stdout).toContain(`${files.length} samples ran`)
  })
})

type SampleOf = (procedure: string) => string | undefined

/** Reads the samples of a language out of the document, for the server that serves it. */
async function readSamples(server: TestServer, lang: string): Promise<SampleOf> {
  const { text } = await server.request('GET', '/openapi.json')
  const document = JSON.parse(text.replaceAll(/http:\/\/127\.0\.0\.1(?!:)/g, server.url)) as {
    paths: Record<string, Record<string, Operation>>
  }
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  return (procedure) =>
    operations
      .find(({ operationId }) => operationId === procedure)
      ?.['x-codeSamples'].find((sample) => sample.lang === lang)?.source
}

async function logIn(server: TestServer, username: string): Promise<string | undefined> {
  const body = { username, password: `${username}-of-casebook` }
  const { json } = await server.request('POST', '/api/user/login', { body })
  return (json as { token?: string }).token
}

function firstOfEach(all: readonly ContractExample[]): ContractExample[] {
  return [...new Map(all.toReversed().map((example) => [example.procedure, example])).values()].toReversed()
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
