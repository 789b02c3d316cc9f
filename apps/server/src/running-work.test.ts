import { request } from 'node:http'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { createRunningWork } from './running-work.ts'

test('is waited for when its client has left and the server is closed', async () => {
  const work = createRunningWork()
  const app = fastify()
  work.observe(app)
  const begun = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  let isDone = false
  app.get('/', async (asked) => {
    asked.raw.once('close', () => gone.resolve())
    begun.resolve()
    await go.promise
    isDone = true
    return {}
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const sent = request(url, { agent: false }).end()
  sent.on('error', () => undefined)
  await begun.promise
  sent.destroy()
  await gone.promise
  await app.close()
  expect(isDone).toBe(false)
  const settled = work.settled().then(() => isDone)
  go.resolve()
  expect(await settled).toBe(true)
})

test('that fails is over, too', async () => {
  const work = createRunningWork()
  const app = fastify()
  work.observe(app)
  app.get('/', async () => {
    throw new Error('no')
  })
  expect((await app.inject('/')).statusCode).toBe(500)
  await work.settled()
  await app.close()
})
