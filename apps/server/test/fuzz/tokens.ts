/** Texts that mean something to some parser, and values that fit nowhere. */
export const oddTexts = [
  ['', ' ', '.', '..', '../..', '%', '%00', '%2e%2e%2f', '%ff', '%c0%af', '%ED%A0%80', '%E2%80%AE'],
  ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'undefined', 'NaN'],
  ["' or 1=1--", '"', '\\', ';', '${7*7}', '<script>', '=1+1', '*', '(', '[', '-', '0', '-1', '1e3'],
  ['9223372036854775808', '9007199254740993', '0x10', '1.5', 'true', 'null', '2024-13-01', '0000-00-00'],
  ['a'.repeat(300), 'a'.repeat(5000), '\u00e9', '\u00ff\u00fe', '\t', 'a,b', 'a;b', 'a/b', 'a?b', 'a#b'],
].flat() as [string, ...string[]]

/** JSON values, as text, since some of them no value of JavaScript's is written as. */
export const oddValues = [
  ['null', 'true', '0', '-1', '-0', '1.5', '13', '1001', '1e400', '-1e400', '1e-400', '9223372036854775808'],
  ['-9223372036854775809', '18446744073709551616', '9007199254740993', `1${'0'.repeat(400)}`, '2147483648'],
  [
    '""',
    '" "',
    '"a\\u0000b"',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u2028"',
    '"\u00ff"',
    '"%00"',
  ],
  ['"__proto__"', '"constructor"', '"2024-02-30"', '"2024-13-01"', '"0000-01-01"', '"10000-01-01"', '"-1"'],
  [
    '[]',
    '{}',
    '[[]]',
    '[null]',
    '{"a":1}',
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{}}}',
  ],
  ['{"toString":1}', '{"length":-1}', '{"then":1}', '{"toJSON":1}', '[1,2,3]', '["a","a"]', '"rec_"'],
  [
    '"pat_00000000000000000000000000"',
    '"book_7zzzzzzzzzzzzzzzzzzzzzzzzz"',
    '"user_8zzzzzzzzzzzzzzzzzzzzzzzzz"',
  ],
  [`"${'x'.repeat(300)}"`, `"${'x'.repeat(20_000)}"`, `"${'\u00ff'.repeat(300)}"`],
].flat() as [string, ...string[]]

/** Keys that no input has, or that every object has. */
export const oddKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'isAdmin',
  'id',
  'role',
  'disabledAt',
  'version',
  'then',
  '',
  '\\u0000',
  'k'.repeat(3000),
] as [string, ...string[]]
