import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callBy, procedures, transportsOf } from './matrix/call.ts'
import { isMatrixWritten } from './matrix/document.ts'
import { actors, type Actor, type Entry } from './matrix/entry.ts'
import { table } from './matrix/table.ts'
import { addressOf, createWorld, type World } from './matrix/world.ts'

let world: World
let cells = 0
beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  console.log(
    `${Object.keys(procedures).length} procedures, ${table.length} lines, ${actors.length} callers: ${cells} calls answered as the matrix says`,
  )
})

const inputOf = (entry: Entry, actor: Actor): unknown =>
  entry.inputOf === undefined
    ? procedures[entry.procedure]?._def.meta.examples?.[0]?.input
    : entry.inputOf(world, actor)

const named = table.map((entry) => ({ entry, name: [entry.procedure, entry.on].filter(Boolean).join(', ') }))

describe('security 17: every procedure × who calls × whose it is', () => {
  test('the table has a line for every procedure, and no line without one', () => {
    const lines = [...new Set(table.map(({ procedure }) => procedure))]
    expect(lines.toSorted()).toEqual(Object.keys(procedures).toSorted())
  })

  test('docs/security.md shows the table as it is', () => {
    expect(isMatrixWritten(), 'run npm run matrix -- --write').toBe(true)
  })

  test.each(named)('$name', { timeout: 120_000 }, async ({ entry }) => {
    for (const transport of transportsOf(entry)) {
      const answers: Record<string, string> = {}
      for (const actor of actors) {
        const token = entry.endsSession ? await world.freshTokenOf(actor) : world.tokenOf(actor)
        const input = await inputOf(entry, actor)
        cells += 1
        const headers = { 'x-forwarded-for': addressOf(0x10000 + cells) }
        answers[actor] = await callBy(transport, entry.procedure, {
          url: world.server.url,
          token,
          input,
          headers,
        })
      }
      expect(answers, transport).toEqual(entry.expected)
    }
  })
})
