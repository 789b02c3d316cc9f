import { expect, test } from 'vitest'
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts'
import { newTotpSecret, stepOfCode, totpUri } from './totp.ts'

// The secret of RFC 6238, appendix B: the ASCII text 12345678901234567890.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test.each([
  [59, '287082', 1],
  [1111111109, '081804', 37037036],
  [1111111111, '050471', 37037037],
  [1234567890, '005924', 41152263],
  [2000000000, '279037', 66666666],
])('at second %i the code is %s, of step %i (RFC 6238, appendix B)', async (seconds, code, step) => {
  expect(await stepOfCode(secret, code, seconds * 1000)).toBe(step)
})

test('takes the codes of the steps before and after, and none further away', async () => {
  const taken = await Promise.all(
    [-60, -30, 0, 30, 60].map((seconds) => stepOfCode(secret, '005924', (1234567890 + seconds) * 1000)),
  )
  expect(taken).toEqual([null, 41152263, 41152263, 41152263, null])
})

test('refuses what is no code of this secret', async () => {
  for (const code of ['005925', '05924', '0005924', '', 'abcdef', 'éééééé', '٠٠٥٩٢٤'])
    expect(await stepOfCode(secret, code, 1234567890_000), code).toBeNull()
  expect(await stepOfCode(await newTotpSecret(), '005924', 1234567890_000)).toBeNull()
})

test('a URI names the account and this service', async () => {
  expect(await totpUri(secret, 'zoë+1')).toBe(
    `otpauth://totp/Casebook:zo%C3%AB%2B1?issuer=Casebook&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
  )
})

test('recovery codes are ten, all different, and known however they are typed', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/)
  const kept = hashRecoveryCode('01mn-01qr-stvw-x000')
  expect(hashRecoveryCode(' OIMNOLqr STVWXooo ')).toBe(kept)
  expect(hashRecoveryCode('01mn-01qr-stvw-x001')).not.toBe(kept)
})
