import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Load } from './rounds.ts'
import { assertSameAnswers } from './same-answer.ts'

/** A contender that answers its requests by these texts, in turn. */
async function contender(who: string, texts: readonly string[], status = 200) {
  const server = createServer(({ url = '' }, answer) => {
    answer.writeHead(status, { 'content-type': 'application/json' }).end(texts[Number(url.slice(1))])
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const load: Load = {
    who,
    server: { url, pid: process.pid, [Symbol.asyncDispose]: close },
    requests: texts.map((_, place) => ({ path: `/${place}` })),
  }
  return { load, [Symbol.asyncDispose]: close }
}

const page = '[{"id":1,"title":"Cases"}]'

test('the same answers pass, in whatever order their fields stand', async () => {
  await using ours = await contender('ours', [page])
  await using peer = await contender('peer', ['[{"title": "Cases", "id": 1}]'])
  await expect(assertSameAnswers([ours.load, peer.load])).resolves.toBeUndefined()
})

test.each([
  ['a field less', '[{"id":1}]'],
  ['an object less', '[]'],
  ['another value', '[{"id":2,"title":"Cases"}]'],
  ['a field more', '[{"id":1,"title":"Cases","notes":null}]'],
])('%s is refused, whichever request it answers', async (_, other) => {
  await using ours = await contender('ours', [page, page])
  await using peer = await contender('peer', [page, other])
  await expect(assertSameAnswers([ours.load, peer.load])).rejects.toThrow(
    'peer does not answer what ours does',
  )
})

test('an error is refused, even if all answer with it', async () => {
  await using ours = await contender('ours', [page], 500)
  await expect(assertSameAnswers([ours.load])).rejects.toThrow('ours answers 500 to /0')
})
