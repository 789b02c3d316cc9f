import { expect, test } from 'vitest'
import { deviceNameOf } from './device-name.ts'

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0'

test.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`, 'Chrome on Windows'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/121.0', 'Firefox on Linux'],
  [`Mozilla/5.0 (Linux; Android 14; Pixel 8) ${chrome} Mobile Safari/537.36`, 'Chrome on Android'],
  ['casebook-cli/0.1.0', 'casebook-cli 0.1.0'],
  ['curl/8.5.0', 'curl 8.5.0'],
  ['Python/3.12 aiohttp/3.9', 'Python 3.12'],
  ['node', 'node'],
  ['', null],
  ['   ', null],
  [null, null],
  ['evil\u001b[31m\u202ename/1', 'evil [31m name 1'],
  ['x'.repeat(256), 'x'.repeat(100)],
])('%j is %j', (userAgent, name) => {
  expect(deviceNameOf(userAgent)).toBe(name)
})
