import type { Dice } from './dice.ts'
import { flipBit } from './bend-body.ts'
import type { FuzzRequest } from './request.ts'
import { oddKeys, oddTexts, oddValues } from './tokens.ts'

type Bend = (target: string, dice: Dice) => string

const join = (target: string, more: string) => `${target}${target.includes('?') ? '&' : '?'}${more}`
const encoded = (text: string, dice: Dice) => (dice.isLucky(0.7) ? encodeURIComponent(text) : written(text))
/** What must not stand in a request line would end it. */
const written = (text: string) => text.replaceAll(/[\s#]/g, '+')

const oddQueries = [
  ['a[b]=c', 'limit=1&limit=2', 'limit=9223372036854775808', 'limit=1e3', 'limit=-1', 'limit=0', 'limit[]=1'],
  ['cursor=', 'cursor=x', 'cursor=a.b', 'cursor=....', 'cursor=%00', 'q=%00', 'q=%ff', 'q=%', 'q=%ED%A0%80'],
  [
    'month=13',
    'month=5',
    'year=0',
    'year=2024&month=13',
    'from=2024-02-30',
    'to=x',
    '&&&',
    '=',
    '=x',
    '?',
    '%3f',
  ],
  ['__proto__=1', '__proto__[x]=1', 'constructor=1', 'constructor.prototype.x=1', 'toString=1', 'batch=1'],
  [
    'input=',
    'input=%00',
    'input=[]',
    'input={',
    'input=%7B%22__proto__%22%3A1%7D',
    'input=1&input=2',
    'token=x',
  ],
  [
    'sort=__proto__',
    'sort=-title',
    'status=draft',
    'isbn=9780306406158',
    'q=%25',
    'q=_',
    'q=%5C',
    'code=%27',
  ],
  `q=${'x'.repeat(9000)}`,
  Array.from({ length: 1500 }, (_, n) => `k${n}=1`).join('&'),
].flat() as [string, ...string[]]

const bends = [
  (target, dice) => join(target, dice.pick(oddQueries)),
  (target, dice) => join(target, dice.pick(oddQueries)),
  (target, dice) =>
    join(target, `${encoded(dice.pick(oddKeys), dice)}=${encoded(dice.pick(oddTexts), dice)}`),
  (target, dice) => replaceSegment(target, dice, encoded(dice.pick(oddTexts), dice)),
  (target, dice) => replaceSegment(target, dice, encoded(dice.pick(oddTexts), dice)),
  (target, dice) => replaceQuery(target, dice, encodeURIComponent(dice.pick(oddValues))),
  (target, dice) => replaceQuery(target, dice, encoded(dice.pick(oddTexts), dice)),
  (target) => target.replace(/(\?|$)/, '/$1'),
  (target) => target.replace(/^\//, '//'),
  (target) => target.replace(/(\?|$)/, ';x=1$1'),
  (target) => target.replaceAll('i', '%69'),
  (target) => target.toUpperCase(),
  (target) => `http://evil.example${target}`,
  (target, dice) =>
    flipBit(Buffer.from(target, 'latin1'), dice)
      .toString('latin1')
      .replaceAll(/[\0-\x20#]/g, '+'),
  (target) => `${target}#fragment`,
] as [Bend, ...Bend[]]

/** Bends path and query. */
export function bendTarget(request: FuzzRequest, dice: Dice): FuzzRequest {
  return { ...request, target: dice.pick(bends)(request.target, dice) }
}

/** Changes one bit of a cursor, and asks for the page that it stands for. */
export function forgeCursor(cursor: string, dice: Dice): string {
  return encodeURIComponent(flipBit(Buffer.from(cursor, 'latin1'), dice).toString('latin1'))
}

function replaceSegment(target: string, dice: Dice, segment: string): string {
  const [path = '', query] = target.split('?')
  const segments = path.split('/')
  const at = 1 + dice.below(Math.max(1, segments.length - 1))
  const bent = segments.with(Math.min(at, segments.length - 1), segment).join('/')
  return `${bent.startsWith('/') ? bent : `/${bent}`}${query === undefined ? '' : `?${query}`}`
}

function replaceQuery(target: string, dice: Dice, value: string): string {
  const [path, query] = target.split('?')
  if (query === undefined) return target
  const parts = query.split('&')
  const at = dice.below(parts.length)
  return `${path}?${parts.with(at, `${parts[at]?.split('=')[0]}=${value}`).join('&')}`
}
