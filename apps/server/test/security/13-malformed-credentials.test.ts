import { testEngine } from '@casebook/db/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDice, type Dice } from '../fuzz/dice.ts'
import { openRaw } from '../raw-http.ts'
import { startTestServer, type TestServer } from '../start-test-server.ts'

/** On PGlite, whose tokens are looked up in the process of the tests, a fifth. */
const requests = testEngine === 'postgres' ? 10_000 : 2000

let server: TestServer
let cookie: string
beforeAll(async () => {
  server = await startTestServer()
  const body = { username: 'reader', password: 'reader-of-casebook' }
  const { headers } = await server.request('POST', '/api/user/login_session', { body })
  cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
})
afterAll(() => server[Symbol.asyncDispose]())

/** What asks for an account, over both transports, by reads and by changes. */
const asked = [
  'GET /api/user/me',
  'GET /trpc/auth.me',
  'GET /records?limit=1',
  'GET /trpc/records.list,auth.sessions.list?batch=1',
  'POST /api/user/logout_session',
  'POST /trpc/auth.logout',
  'DELETE /api/user/sessions/session_01jd3xq5e0f2q8n4v6z8a1b3c6',
] as [string, ...string[]]

const schemes = [
  'Bearer',
  'bearer',
  'BEARER',
  'Basic',
  'Digest',
  'Bearer:',
  'Bear',
  '',
  'Bearer\t',
  '__proto__',
] as [string, ...string[]]
const glue = [' ', '  ', '', '\t', ', ', '=', ' realm="x", ', ': ', '\u00a0'] as [string, ...string[]]
const names = [
  'casebook_session',
  '__Host-casebook_session',
  'Casebook_Session',
  '__proto__',
  '',
  ' ',
  '"',
] as [string, ...string[]]
const values = [
  '',
  '%',
  '%zz',
  '%00',
  '%ff',
  '""',
  '"',
  '=',
  '==',
  ';',
  ',',
  'a b',
  '\u00ff',
  '{}',
  'j:{}',
  's:x.y',
] as [string, ...string[]]

/** A text of any bytes that a header may have; no others come through Node's parser. */
function anyText(dice: Dice): string {
  const length = dice.pick([0, 1, 3, 43, 44, 500, 3000])
  const any = Array.from({ length }, () =>
    String.fromCharCode(dice.isLucky(0.5) ? 33 + dice.below(94) : 128 + dice.below(128)),
  )
  return any.join('')
}

/** A token that is none: bent out of a live one, or of something else. */
function spoilt(token: string, dice: Dice): string {
  const at = dice.below(token.length)
  const other = String.fromCharCode(token.charCodeAt(at) ^ (1 << dice.below(5)) || 33)
  const flipped = token.slice(0, at) + other + token.slice(at + 1)
  return dice.pick([
    flipped,
    `${token}x`,
    token.slice(1),
    token.repeat(2),
    `${token},`,
    `${token} x`,
    `"${token}"`,
    anyText(dice),
  ])
}

function malformed(dice: Dice): readonly [header: string, value: string] {
  const token = server.tokenOf('reader')
  const [name = '', live = ''] = cookie.split('=')
  if (dice.isLucky(0.5)) {
    // A token of the other kind is as good as none.
    const wrong = dice.isLucky(0.1) ? live : spoilt(dice.pick([token, live]), dice)
    return [
      'authorization',
      dice.isLucky(0.1) ? anyText(dice) : `${dice.pick(schemes)}${dice.pick(glue)}${wrong}`,
    ]
  }
  const wrong = dice.isLucky(0.1) ? token : dice.isLucky(0.5) ? spoilt(live, dice) : dice.pick(values)
  const pairs = Array.from(
    { length: dice.pick([1, 1, 1, 2, 100]) },
    () => `${dice.pick(names)}=${dice.pick(values)}`,
  )
  return ['cookie', dice.isLucky(0.3) ? pairs.join(dice.pick([';', '; ', ',', ';;'])) : `${name}=${wrong}`]
}

describe('security 13: credentials that are none', () => {
  test(`are refused as such, ${requests} times over, on both transports`, async () => {
    const wrong: string[] = []
    const statuses = new Map<number, number>()
    let next = 0
    const call = async () => {
      const connection = openRaw(server.url)
      while (next < requests) {
        next += 1
        const dice = createDice(next)
        dice.below(2)
        const [header, value] = malformed(dice)
        const what = dice.pick(asked)
        const length = what.startsWith('GET') ? '' : 'content-type: application/json\r\ncontent-length: 0\r\n'
        const bytes = Buffer.from(
          `${what} HTTP/1.1\r\nhost: x\r\n${length}${header}: ${value}\r\n\r\n`,
          'latin1',
        )
        const { status, body } = await connection.send(bytes)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        // To log out without a live session is 400 over REST.
        const isRefused =
          status === 401 || (status === 400 && (isUnreadable(body) || /logout_session/.test(what)))
        if (!isRefused) wrong.push(`${what} with ${header}: ${JSON.stringify(value)} is ${status}`)
      }
      connection.close()
    }
    await Promise.all(Array.from({ length: 8 }, call))
    expect(wrong.slice(0, 10)).toEqual([])
    console.log(
      `${next} malformed credentials: ${[...statuses].map(([status, n]) => `${status} ${n}×`).join(', ')}`,
    )
  })

  test('while the sound ones are taken', async () => {
    for (const headers of [{ authorization: `Bearer ${server.tokenOf('reader')}` }, { cookie }]) {
      expect((await server.request('GET', '/api/user/me', { headers })).status).toBe(200)
      expect((await server.request('GET', '/trpc/auth.me', { headers })).status).toBe(200)
    }
  })
})

function isUnreadable(body: Buffer): boolean {
  return body.includes('malformed-request')
}
