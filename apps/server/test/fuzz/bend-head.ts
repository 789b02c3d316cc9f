import type { Dice } from './dice.ts'
import type { FuzzRequest } from './request.ts'
import { oddTexts } from './tokens.ts'

type Bend = (request: FuzzRequest, dice: Dice) => FuzzRequest

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'CONNECT',
  'get',
] as [string, ...string[]]
const unknownMethods = ['FOO', 'G ET', 'POST\t', '{}', 'a'.repeat(100)] as [string, ...string[]]

const types = [
  ['text/plain', 'application/json; charset=utf-16', 'APPLICATION/JSON', 'application/json;', ';', ''],
  ['multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'application/problem+json', '*/*'],
  [
    'application/json, text/plain',
    'application/json;charset=latin1',
    'application/jsonx',
    'json',
    'text/json',
  ],
  [
    'application/json\t; x="',
    'application /json',
    'application/json;charset=utf-8;charset=utf-7',
    '\u00ff/\u00ff',
  ],
  ['application/octet-stream', 'application/xml', 'application/x-ndjson', 'application/json; boundary=x'],
].flat() as [string, ...string[]]

/** Headers that somebody may heed, with values that nobody should. */
const headers: readonly (readonly [string, ...string[]])[] = [
  [
    'accept',
    'text/csv',
    'application/x-ndjson',
    'text/*;q=NaN',
    'x',
    '*/*;q=-1',
    ',,,',
    'text/csv;q=1e9, a/b',
    '\u00ff',
  ],
  ['if-none-match', '*', '"x"', 'W/"x"', '"', ',,,', '"\u00ff"', `"${'x'.repeat(3000)}"`],
  ['if-match', '*', '"x"', 'W/"x"', '"', ',', 'x', '""', `${'"a",'.repeat(1000)}"b"`],
  [
    'idempotency-key',
    '',
    'k',
    'k'.repeat(255),
    'k'.repeat(256),
    '\u00e9',
    'a b',
    '__proto__',
    '"quoted"',
    '%00',
  ],
  ['x-request-id', '', 'x'.repeat(65), 'a b', '\u00ff', '<script>', '../..', '__proto__'],
  ['origin', 'null', 'http://127.0.0.1', 'http://evil.example', 'x', 'http://127.0.0.1:80@evil', ''],
  ['sec-fetch-site', 'cross-site', 'same-site', 'none', 'x', ''],
  ['x-forwarded-for', '1.2.3.4', "' or 1=1--", '::1', ','.repeat(100), '\u00ff'],
  ['x-forwarded-host', 'evil.example', '', '\u00ff'],
  ['x-http-method-override', 'DELETE', 'x'],
  ['casebook-contract', '', '1', '9.9.9', '0.0.0', 'x', '-1', '1e400', '\u00ff', '__proto__'],
  ['range', 'bytes=0-1', 'bytes=-1', 'x'],
  ['expect', '100-continue', 'x', ''],
  ['content-encoding', 'gzip', 'br', 'identity', 'x'],
  ['content-language', 'xx'],
  ['transfer-encoding', 'chunked'],
  ['connection', 'close', 'keep-alive, upgrade', 'te'],
  ['upgrade', 'h2c', 'websocket'],
  ['trpc-accept', 'application/jsonl', 'x'],
  ['x-trpc-source', '\u00ff', '__proto__'],
  ['accept-encoding', 'gzip', '*;q=0'],
  ['user-agent', '', 'x'.repeat(4000), '\u00ff', "' or 1=1--"],
  ['last-event-id', '__proto__', '\u00ff'],
  ['prefer', 'respond-async'],
  ['__proto__', 'x'],
  ['x-long', 'x'.repeat(20_000)],
  ['x\u00ff', 'y'],
  ['', 'x'],
  ['host', 'evil.example', '', 'a b'],
  ['accept', 'application/json\r\n folded: 1'],
]

const withHeader = (request: FuzzRequest, name: string, value: string): FuzzRequest => ({
  ...request,
  headers: [...request.headers.filter(([one]) => one !== name), [name, value]],
})

const addHeader: Bend = (request, dice) => {
  const [name, ...values] = dice.pick(headers as [(typeof headers)[number], ...typeof headers])
  // A body that is announced, and is not there, would be waited for.
  if (name === 'transfer-encoding' && request.body === null) return request
  return withHeader(request, name, dice.pick(values as [string, ...string[]]))
}

const bends = [
  addHeader,
  addHeader,
  addHeader,
  (request, dice) => ({ ...request, method: dice.pick(methods) }),
  (request, dice) => (dice.isLucky(0.2) ? { ...request, method: dice.pick(unknownMethods) } : request),
  (request, dice) => withHeader(request, 'content-type', dice.pick(types)),
  (request) => ({ ...request, headers: request.headers.filter(([name]) => name !== 'content-type') }),
  (request, dice) => ({
    ...request,
    actor: 'nobody',
    headers: [...request.headers, [dice.pick(['authorization', 'cookie']), dice.pick(oddTexts)]],
  }),
  (request, dice) => ({ ...request, headers: [...request.headers, ['x-odd', dice.pick(oddTexts)]] }),
  (request) => ({
    ...request,
    headers: [...request.headers, ...Array.from({ length: 300 }, (_, n) => [`x-${n}`, 'y'] as const)],
  }),
] as [Bend, ...Bend[]]

/** Bends method and headers. */
export function bendHead(request: FuzzRequest, dice: Dice): FuzzRequest {
  return dice.pick(bends)(request, dice)
}
