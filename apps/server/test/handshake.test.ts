import type { ContractVersion } from '@casebook/api'
import { exampleBook } from '@casebook/api/books'
import { contractVersion, createCasebookClient, type CasebookError } from '@casebook/client'
import { afterEach, expect, test } from 'vitest'
import { createStubs } from './equivalence/stub-services.ts'
import { buildQuietApp } from './quiet-app.ts'

const stubs = createStubs()
let app: Awaited<ReturnType<typeof buildQuietApp>>
afterEach(() => app.close())

/** A client of the present version, and a server of another one. */
async function against(contract: ContractVersion) {
  app = await buildQuietApp({ ...stubs, contract })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  stubs.plan({ kind: 'value', value: exampleBook })
  return createCasebookClient({ url, retries: 0, token: 'editor' })
}
const { id, title } = exampleBook
const [major = 0, minor = 0] = contractVersion.split('.').map(Number)
const later = `${major}.${minor + 1}.0`
const told = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    ({ reason, message }: CasebookError) => `${reason}: ${message}`,
  )

test('an older client hears what broke before its call does anything, and may call what did not', async () => {
  const breaks = [{ version: later, subject: 'books.create', message: 'input title is gone' }]
  const { books } = await against({ version: later, breaks })
  expect(await told(books.create.mutate({ title }))).toBe(
    `contract-mismatch: This client was made for version ${contractVersion} of the contract. Since then books.create: input title is gone (${later}). Update the client.`,
  )
  expect(stubs.takeReached()).toEqual([])
  expect(await told(books.get.query({ id }))).toBe('done')
})

test('a client that is ahead of its server hears it from every call', async () => {
  const { books } = await against({ version: '0.0.9', breaks: [] })
  stubs.takeReached()
  expect(await told(books.get.query({ id }))).toBe(
    `contract-mismatch: This client was made for version ${contractVersion} of the contract, and this server speaks 0.0.9: update the server, or use a client of its version.`,
  )
  expect(stubs.takeReached()).toEqual([])
})

test('a server with additions, or with a break that the client already knows, is none of its worries', async () => {
  const breaks = [{ version: contractVersion, subject: 'books.get', message: 'output heading is gone' }]
  const { books } = await against({ version: `${major}.${minor}.9`, breaks })
  expect(await told(books.get.query({ id }))).toBe('done')
})
