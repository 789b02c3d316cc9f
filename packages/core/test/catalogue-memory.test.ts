import { newId, type AuthorId, type BookId, type Caller } from '@casebook/api'
import type { Book } from '@casebook/api/books'
import { openDatabase, verifyDocuments, type Database } from '@casebook/db'
import { openTestDatabase, testEngine, type TestDatabase } from '@casebook/db/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createServices, type Services } from '../src/services.ts'
import { createTestDeps } from '../src/test-deps.ts'

const authorCount = 3
const bookCount = 8
const workers = 6
const page = { status: 'published', sort: 'title', limit: 50 } as const

/** A value that is written again and again, always the next number: what has been begun, and what acknowledged. */
type Register = { begun: number; done: number; isBusy: boolean }
type Step = {
  readonly kind: 'rename' | 'retitle' | 'list' | 'get' | 'author'
  readonly at: number
  readonly process: 0 | 1
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('rename', 'retitle', 'list', 'list', 'get', 'author'),
  at: fc.nat(bookCount - 1),
  process: fc.constantFrom(0, 1),
})

test('whatever is written, no read that begins later shows less, or half of it, in any process', async () => {
  await using world = await createWorld()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 80, maxLength: 160 }), async (steps) => {
      const left = [...steps]
      const work = async () => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) await world.take(next)
      }
      await Promise.all(Array.from({ length: workers }, work))
    }),
    { numRuns: testEngine === 'pglite' ? 4 : 12, endOnFailure: true },
  )
  expect(await verifyDocuments(world.database)).toMatchObject({ checked: bookCount, wrongCount: 0 })
})

test('remembers a page as the very same value while nothing is written, and forgets it after any change', async () => {
  await using world = await createWorld()
  const [one] = world.processes
  const first = await one.books.list(page)
  expect(await one.books.list(page)).toBe(first)
  await world.take({ kind: 'retitle', at: 0, process: 1 })
  const second = await one.books.list(page)
  expect(second).not.toBe(first)
  expect(await one.books.list(page)).toBe(second)
})

type World = AsyncDisposable & {
  readonly database: Database
  readonly processes: readonly [Services, Services]
  take(step: Step): Promise<void>
}

/** Two server processes on one database, with books by three authors; each has a memory of its own. */
async function createWorld(): Promise<World> {
  const database = await openTestDatabase()
  const other = await openBeside(database)
  const caller = await createEditor(database)
  const processes = [
    createServices(createTestDeps(database), caller),
    createServices(createTestDeps(other), caller),
  ] as const
  const [{ books, authors }] = processes
  const authorIds: AuthorId[] = []
  for (let at = 0; at < authorCount; at += 1) authorIds.push((await authors.create({ name: 'name 0' })).id)
  const bookIds: BookId[] = []
  for (let at = 0; at < bookCount; at += 1) {
    const contributors = [0, 1].map((next) => ({
      authorId: nth(authorIds, at + next),
      role: 'author' as const,
    }))
    const { id } = await books.create({ title: 'title 0', subtitle: 'title 0', subjects: [], contributors })
    await books.publish({ id })
    bookIds.push(id)
  }
  const registers = (of: readonly unknown[]) => of.map((): Register => ({ begun: 0, done: 0, isBusy: false }))
  const names = registers(authorIds)
  const titles = registers(bookIds)

  /** Writes the next number, unless somebody else is writing to this register. */
  const write = async (register: Register, change: (number: number) => Promise<unknown>) => {
    if (register.isBusy) return
    register.isBusy = true
    register.begun += 1
    await change(register.begun)
    register.done = register.begun
    register.isBusy = false
  }

  /** Reads, and holds what is shown against what was acknowledged before and begun by the end. */
  const read = async (look: () => Promise<readonly Book[]>) => {
    const before = [names, titles].map((all) => all.map(({ done }) => done))
    const shown = await look()
    for (const book of shown) {
      expect(book.subtitle).toBe(book.title)
      expectBetween(book.title, titles, { at: bookIds.indexOf(book.id), before: before[1] })
      for (const { author } of book.contributors)
        expectBetween(author.name, names, { at: authorIds.indexOf(author.id), before: before[0] })
    }
    const together = shown.flatMap((book) =>
      book.contributors.map(({ author }) => `${author.id} ${author.name}`),
    )
    expect(new Set(together).size).toBe(new Set(together.map((text) => text.split(' ')[0])).size)
  }

  return {
    database,
    processes,
    async take({ kind, at, process }) {
      const services = processes[process]
      const id = nth(bookIds, at)
      switch (kind) {
        case 'rename':
          return write(nth(names, at), (number) =>
            services.authors.update({ id: nth(authorIds, at), name: `name ${number}` }),
          )
        case 'retitle':
          return write(nth(titles, at), (number) =>
            services.books.update({ id, title: `title ${number}`, subtitle: `title ${number}` }),
          )
        case 'list':
          return read(async () => (await services.books.list(page)).items.toJSON())
        case 'get':
          return read(async () => [(await services.books.get({ id })).toJSON()])
        case 'author': {
          const before = names.map(({ done }) => done)
          const { name } = await services.authors.get({ id: nth(authorIds, at) })
          return expectBetween(name, names, { at: at % authorCount, before })
        }
      }
    },
    async [Symbol.asyncDispose]() {
      if (other !== database) await other.close()
      await database[Symbol.asyncDispose]()
    },
  }
}

function expectBetween(
  text: string,
  registers: readonly Register[],
  { at, before }: { at: number; before: readonly number[] | undefined },
): void {
  const number = Number(text.split(' ')[1])
  expect(number).toBeGreaterThanOrEqual(before?.[at] ?? 0)
  expect(number).toBeLessThanOrEqual(registers[at]?.begun ?? 0)
}

/** A second pool on the same database; PGlite has one connection, which both use. */
async function openBeside(database: TestDatabase): Promise<Database> {
  return database.url === null ? database : openDatabase({ databaseUrl: database.url, unsafe: true })
}

async function createEditor(database: Database): Promise<Caller> {
  const user = { id: newId('user'), username: 'editor', email: 'editor@example.com', role: 'editor' } as const
  await database.transaction((tx) => tx.userWriter.insert({ ...user, passwordHash: '' }))
  return {
    user: { id: user.id, username: user.username, role: user.role, patientId: null },
    session: null,
    requestId: 'test',
    address: '127.0.0.1',
    userAgent: null,
  }
}

function nth<T>(of: readonly T[], at: number): T {
  const one = of[at % of.length]
  if (one === undefined) throw new Error('there are none')
  return one
}
