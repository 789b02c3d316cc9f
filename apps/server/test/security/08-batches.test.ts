import { describe, expect, test, vi } from 'vitest'
import { startTestServer } from '../start-test-server.ts'

const batchOf = (size: number, procedure = 'auth.login') => ({
  path: `/trpc/${Array.from({ length: size }, () => procedure).join(',')}?batch=1`,
  body: Object.fromEntries(
    Array.from({ length: size }, (_, index) => [index, { username: 'reader', password: `wrong ${index}` }]),
  ),
})

describe('security 08: a batch is worth its calls', () => {
  test('each call of a batch counts', async () => {
    await using server = await startTestServer({ limits: { loginsPerMinute: 3 } })
    const { path, body } = batchOf(10)
    const { status, json, headers } = await server.request('POST', path, { body })
    const codes = (json as { error: { data: { code: string } } }[]).map(({ error }) => error.data.code)
    expect(codes.toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => 'TOO_MANY_REQUESTS'),
      ...Array.from({ length: 3 }, () => 'UNAUTHORIZED'),
    ])
    expect([status, headers.get('ratelimit-policy')]).toEqual([207, '"login";q=3;w=60'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test.each([
    ['eleven', batchOf(11).path],
    ['three hundred', batchOf(300).path],
    ['eleven, the commas encoded', batchOf(11).path.replaceAll(',', '%2C')],
  ])('a batch of %s is refused whole', async (_what, path) => {
    await using server = await startTestServer()
    const enter = vi.spyOn(server.database.stores.logins, 'enter')
    const { status, json, headers } = await server.request('POST', path, { body: batchOf(11).body })
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8'])
    expect(json).toMatchObject({
      code: 'BAD_REQUEST',
      detail: 'A batch takes at most 10 calls: send the others after it.',
      requestId: headers.get('x-request-id'),
    })
    expect(enter).not.toHaveBeenCalled()
  })

  test('reads are bounded alike', async () => {
    await using server = await startTestServer()
    const inputs = JSON.stringify(Object.fromEntries([...Array(11).keys()].map((index) => [index, {}])))
    const read = (size: number) =>
      server.request('GET', `${batchOf(size, 'books.list').path}&input=${inputs}`)
    expect([(await read(10)).status, (await read(11)).status]).toEqual([200, 400])
  })
})
