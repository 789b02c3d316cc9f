import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AnyRouter } from '@trpc/server'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { buildOpenApi } from '../src/index.ts'

type Example = { readonly app: FastifyInstance; readonly router: AnyRouter }

const text = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const blocks = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, lang, code = '']) => ({ lang, code }))

test('the example of the README serves what it says', async () => {
  const [program, answer] = blocks
  expect(program?.code.trim().split('\n').length).toBeLessThanOrEqual(20)
  const parent = join(import.meta.dirname, '.readme')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'run-'))
  try {
    const file = join(folder, 'example.ts')
    writeFileSync(file, program?.code ?? '')
    const { app, router } = (await import(file)) as Example
    const got = await app.inject('/plants/fern')
    expect(got.json()).toEqual(JSON.parse(answer?.code ?? ''))
    const document = buildOpenApi(router, {
      info: { title: 'Garden', version: '1.0.0' },
      servers: [],
      securitySchemes: {},
      securityOf: () => [],
      failuresOf: () => [],
    })
    expect(document).toMatchObject({ paths: { '/plants/{id}': { get: { summary: 'Show a plant' } } } })
    await app.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
