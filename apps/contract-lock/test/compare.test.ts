import { describe, expect, test } from 'vitest'
import { compareContracts } from '../src/compare.ts'
import type { Contract, Field } from '../src/contract.ts'
import { judge, nextVersion } from '../src/lock.ts'
import { readContract } from '../src/read-contract.ts'
import { describe as describeVerdict } from '../src/report.ts'

const contract = readContract()
const changed = (change: (copy: Contract) => void): Contract => {
  const copy = structuredClone(contract)
  change(copy)
  return copy
}
type Open<T> = { -readonly [K in keyof T]: T[K] extends object ? Open<T[K]> : T[K] }
const open = (copy: Contract) => copy as Open<Contract>
const remove = (record: object, key: string) => void Reflect.deleteProperty(record, key)
const field = (copy: Contract, side: 'input' | 'output', path: string): Open<Field> => {
  const found = open(copy).procedures['books.list']?.[side][path]
  if (found === undefined) throw new Error(`there is no ${path}`)
  return found
}
const put = (copy: Contract, side: 'input' | 'output', given: Record<string, Field>) =>
  void Object.assign(open(copy).procedures['books.list']?.[side] ?? {}, given)

const cases: readonly (readonly [
  what: string,
  rule: string,
  breaks: string,
  change: (copy: Contract) => void,
])[] = [
  ['a procedure that is gone', 'PROCEDURE_REMOVED', 'RPC', (copy) => remove(copy.procedures, 'audit.verify')],
  [
    'a new procedure',
    'PROCEDURE_ADDED',
    '',
    (copy) =>
      void (open(copy).procedures['books.new'] = structuredClone(open(copy).procedures['books.get'])!),
  ],
  [
    'a query that became a mutation',
    'PROCEDURE_TYPE_CHANGED',
    'RPC',
    (copy) => void (open(copy).procedures['books.list']!.type = 'mutation'),
  ],
  [
    'a role that lost access',
    'ACCESS_CHANGED',
    'RPC REST',
    (copy) => void (open(copy).procedures['books.create']!.access = ['editor']),
  ],
  [
    'an operation that is gone',
    'OPERATION_REMOVED',
    'REST',
    (copy) => remove(copy.operations, 'GET /api/books'),
  ],
  [
    'another status of success',
    'SUCCESS_STATUS_CHANGED',
    'REST',
    (copy) => void (open(copy).operations['POST /api/books']!.success = 200),
  ],
  [
    'another status of a failure',
    'FAILURE_STATUS_CHANGED',
    'REST',
    (copy) => void (open(copy).operations['POST /api/user/register']!.failures['username-taken'] = 409),
  ],
  [
    'a query parameter that is gone',
    'PARAMETER_REMOVED',
    'REST',
    (copy) => void open(copy).operations['GET /api/books']!.parameters.shift(),
  ],
  [
    'a content type that is gone',
    'CONTENT_TYPE_REMOVED',
    'REST',
    (copy) => void open(copy).operations['GET /api/books']!.types.pop(),
  ],
  [
    'an output field that is gone',
    'OUTPUT_FIELD_REMOVED',
    'RPC REST',
    (copy) => remove(copy.procedures['books.list']!.output, 'items[].title'),
  ],
  [
    'an output field that may be absent',
    'OUTPUT_BECAME_OPTIONAL',
    'RPC REST',
    (copy) => void (field(copy, 'output', 'items[].title').optional = true),
  ],
  [
    'an output field of another type',
    'OUTPUT_TYPE_CHANGED',
    'RPC REST',
    (copy) => void (field(copy, 'output', 'items[].title').type = 'null or string'),
  ],
  [
    'a new output field',
    'OUTPUT_FIELD_ADDED',
    '',
    (copy) => put(copy, 'output', { total: { type: 'integer' } }),
  ],
  [
    'an input field that is gone',
    'INPUT_FIELD_REMOVED',
    'RPC REST',
    (copy) => remove(copy.procedures['books.list']!.input, 'q'),
  ],
  [
    'a new input field that must be given',
    'INPUT_REQUIRED_FIELD_ADDED',
    'RPC REST',
    (copy) => put(copy, 'input', { shelf: { type: 'string' } }),
  ],
  [
    'a new input field that may be given',
    'INPUT_FIELD_ADDED',
    '',
    (copy) => put(copy, 'input', { shelf: { type: 'string', optional: true } }),
  ],
  [
    'an input field that must be given',
    'INPUT_BECAME_REQUIRED',
    'RPC REST',
    (copy) => remove(field(copy, 'input', 'q'), 'optional'),
  ],
  ['a smaller input', 'INPUT_NARROWED', 'RPC REST', (copy) => void (field(copy, 'input', 'limit').max = 100)],
  ['a larger input', 'INPUT_WIDENED', '', (copy) => void (field(copy, 'input', 'limit').max = 5000)],
  [
    'an input value that is no longer taken',
    'INPUT_VALUE_REMOVED',
    'RPC REST',
    (copy) => void (field(copy, 'input', 'status').values = ['draft']),
  ],
  [
    'an input that takes another type, too',
    'INPUT_TYPE_CHANGED',
    '',
    (copy) => void (field(copy, 'input', 'q').type = 'null or string'),
  ],
  ['a command that is gone', 'COMMAND_REMOVED', 'CLI', (copy) => remove(copy.commands, 'casebook whoami')],
  [
    'a flag that is gone',
    'OPTION_REMOVED',
    'CLI',
    (copy) => void open(copy).commands['casebook books list']!.options.pop(),
  ],
  [
    'an argument that must be given',
    'ARGUMENTS_CHANGED',
    'CLI',
    (copy) => void (open(copy).commands['casebook login']!.args = ['<username>']),
  ],
  [
    'another exit code',
    'REASON_EXIT_CHANGED',
    'CLI',
    (copy) => void (open(copy).errors['not-found']!.exit = 1),
  ],
  ['a reason that is gone', 'REASON_REMOVED', 'RPC REST', (copy) => remove(copy.errors, 'stale')],
]

const getBook = 'books.get'
const showBook = 'GET /api/books/{id}'
const additions: typeof cases = [
  [
    'a role that won access',
    'ACCESS_WIDENED',
    '',
    (copy) => void open(copy).procedures['books.create']!.access.push('reader'),
  ],
  ['a new failure', 'ERROR_ADDED', '', (copy) => void open(copy).procedures[getBook]!.errors.push('stale')],
  [
    'a failure that is no more',
    'ERROR_REMOVED',
    '',
    (copy) => void open(copy).procedures[getBook]!.errors.pop(),
  ],
  [
    'a new operation',
    'OPERATION_ADDED',
    '',
    (copy) => void (open(copy).operations['GET /new'] = structuredClone(open(copy).operations[showBook])!),
  ],
  [
    'a new parameter',
    'PARAMETER_ADDED',
    '',
    (copy) => void open(copy).operations[showBook]!.parameters.push('query x'),
  ],
  [
    'a new content type',
    'CONTENT_TYPE_ADDED',
    '',
    (copy) => void open(copy).operations[showBook]!.types.push('text/x'),
  ],
  [
    'an operation of another procedure',
    'PROCEDURE_OF_OPERATION_CHANGED',
    '',
    (copy) => void (open(copy).operations[showBook]!.procedures = ['books.show']),
  ],
  [
    'a new command',
    'COMMAND_ADDED',
    '',
    (copy) => void (open(copy).commands['casebook x'] = { args: [], options: [] }),
  ],
  [
    'a new flag',
    'OPTION_ADDED',
    '',
    (copy) => void open(copy).commands['casebook whoami']!.options.push('--x'),
  ],
  [
    'a new reason',
    'REASON_ADDED',
    '',
    (copy) => void (open(copy).errors['x'] = { code: 'CONFLICT', status: 409, exit: 6 }),
  ],
  [
    'another code of a reason',
    'REASON_CODE_CHANGED',
    'RPC REST',
    (copy) => void (open(copy).errors['stale']!.code = 'CONFLICT'),
  ],
  [
    'another status of a reason',
    'REASON_STATUS_CHANGED',
    'REST',
    (copy) => void (open(copy).errors['stale']!.status = 409),
  ],
  [
    'a new value of an input',
    'INPUT_VALUE_ADDED',
    '',
    (copy) => void (field(copy, 'input', 'status').values = ['draft', 'published', 'withdrawn', 'lost']),
  ],
  [
    'an input that takes any text',
    'INPUT_VALUES_OPENED',
    '',
    (copy) => remove(field(copy, 'input', 'status'), 'values'),
  ],
  [
    'an input that takes a few texts',
    'INPUT_VALUES_CLOSED',
    'RPC REST',
    (copy) => void (field(copy, 'input', 'q').values = ['a']),
  ],
  [
    'an output that may be any text',
    'OUTPUT_VALUES_OPENED',
    'RPC REST',
    (copy) => remove(field(copy, 'output', 'items[].status'), 'values'),
  ],
]

describe('a change is told by its rule, and whom it breaks', () => {
  test.each([...cases, ...additions])('%s: %s', (...[, rule, breaks, change]) => {
    const changes = compareContracts(contract, changed(change))
    expect(changes.map((one) => [one.rule, one.breaks.join(' ')])).toEqual([[rule, breaks]])
  })

  test('nothing is said of a contract that is the same', () => {
    expect(compareContracts(contract, structuredClone(contract))).toEqual([])
  })
})

describe('a change demands its version and a line of the changelog', () => {
  const lock = { ...contract, released: '0.1.0', breaks: false }
  const renamed = changed((copy) => {
    const { output } = open(copy).procedures['books.get']!
    output['heading'] = output['title']!
    remove(output, 'title')
  })
  const judged = (version: string, changelog: string) => judge(lock, renamed, { version, changelog }).demands

  test('a renamed field breaks RPC and REST, and says so to the developer', () => {
    const text = describeVerdict(
      judge(lock, renamed, { version: '0.1.0', changelog: '## 0.1.0\n\n- First.\n' }),
    )
    expect(text).toBe(`The contract is not what contract.lock.json says.

Breaks callers:
  books.get: output title is gone [breaks RPC, REST] (OUTPUT_FIELD_REMOVED)

Breaks nobody:
  books.get: output heading is new (OUTPUT_FIELD_ADDED)

To do:
  - Set the version of every package to 0.2.0: 0.1.0 is too low.
  - Say in CHANGELOG.md, under «## 0.2.0», what has changed.
  - Name what breaks callers in CHANGELOG.md, under «## 0.2.0»: books.get.
  - Then lock it: npm run contract -- --write
`)
  })

  test('is content with the version and a line that names what breaks', () => {
    expect(judged('0.2.0', '## 0.2.0\n\n- `books.get`: the title is a heading.\n')).toEqual([])
    expect(judged('0.2.0', '## 0.2.0\n\n- Something.\n')).toHaveLength(1)
    expect(judged('0.1.1', '## 0.1.1\n\n- `books.get`\n')).not.toEqual([])
  })

  test('is free before the first release, when nobody has it yet', () => {
    const unreleased = { ...lock, released: null }
    expect(judge(unreleased, renamed, { version: '0.1.0', changelog: '' })).toMatchObject({ demands: [] })
  })

  test.each([
    ['0.1.0', false, '0.1.1'],
    ['0.1.3', true, '0.2.0'],
    ['1.4.2', false, '1.5.0'],
    ['1.4.2', true, '2.0.0'],
  ])('after %s, with a break: %s, comes %s', (version, breaks, next) => {
    expect(nextVersion(version, breaks)).toBe(next)
  })
})
