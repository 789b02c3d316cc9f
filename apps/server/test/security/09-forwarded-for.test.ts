import { describe, expect, test } from 'vitest'
import { readSettings, SettingsError } from '../../src/env.ts'
import { startTestServer } from '../start-test-server.ts'
import { names, tally, together, transports } from './attempts.ts'

const few = { limits: { loginsPerAddress: 3 } }

/** Tries a user name of its own each time, from an address of its own. */
const spread = (server: { url: string }, headerOf: (index: number) => string) =>
  together(8, (index) =>
    transports[names[index % 2] ?? 'REST'](server, { username: `user-${index}`, from: headerOf(index) }),
  )
const stopped = { 'wrong-credentials': 3, 'too-many-requests': 5 }

describe('security 09: who says where a call comes from', () => {
  test('without a trusted proxy the header changes nothing', async () => {
    await using server = await startTestServer(few)
    expect(tally(await spread(server, (index) => `203.0.113.${index}`))).toEqual(stopped)
    const sessions = await server.client('reader').auth.sessions.list.query({})
    expect(sessions.items.map(({ address }) => address)).toEqual(['127.0.0.1'])
  })

  test('a proxy that is not the one trusted changes nothing', async () => {
    await using server = await startTestServer({ ...few, trustProxy: '10.0.0.0/8' })
    expect(tally(await spread(server, (index) => `203.0.113.${index}`))).toEqual(stopped)
  })

  test('behind a trusted proxy callers count apart, IPv6 networks as one', async () => {
    await using server = await startTestServer({ ...few, trustProxy: '127.0.0.1' })
    expect(tally(await spread(server, (index) => `203.0.113.${index}`))).toEqual({ 'wrong-credentials': 8 })
    expect(tally(await spread(server, (index) => `2001:db8:0:7:${index}::${index}`))).toEqual(stopped)
    expect(tally(await spread(server, (index) => `2001:db8:0:${index + 8}::1`))).toEqual({
      'wrong-credentials': 8,
    })
  })

  test('of several hops the one before the trusted ones counts, not what a caller wrote before it', async () => {
    await using server = await startTestServer({ ...few, trustProxy: '127.0.0.1,10.0.0.0/8' })
    expect(tally(await spread(server, (index) => `192.0.2.${index}, 203.0.113.7, 10.1.2.3`))).toEqual(stopped)
    expect(tally(await spread(server, (index) => `192.0.2.1, 203.0.113.${index + 20}, 10.1.2.3`))).toEqual({
      'wrong-credentials': 8,
    })
  })

  test.each(['true', '*', '0.0.0.0/0', '1', 'proxy.example', '10.0.0.0/33', '10.0.0.1,,'])(
    'a setting that trusts everybody or nobody in particular is refused: %s',
    (text) => {
      expect(() => readSettings({ TRUST_PROXY: text })).toThrow(SettingsError)
      expect(() => readSettings({ TRUST_PROXY: text })).toThrow(/^TRUST_PROXY: .*name those of your proxies/)
    },
  )

  test.each(['false', '127.0.0.1', 'loopback, 10.0.0.0/8', '2001:db8::/32,::1'])('taken: %s', (text) => {
    expect(readSettings({ TRUST_PROXY: text }).trustProxy).toBe(text === 'false' ? false : text)
  })
})
