import type { TOTP } from 'otpauth'

const periodSeconds = 30
/** Steps before and after the present one whose codes are taken, too: clocks differ (RFC 6238, 6). */
const window = 1

/** Makes a secret of 160 bits (RFC 4226, 4, R6), base32. */
export async function newTotpSecret(): Promise<string> {
  const { Secret } = await import('otpauth')
  return new Secret({ size: 20 }).base32
}

/** Gives the URI that authenticator apps read, mostly as a QR code. */
export async function totpUri(secret: string, account: string): Promise<string> {
  return (await totpOf(secret, account)).toString()
}

/** Gives the time step whose code this is, in the window around an instant in milliseconds; null for a wrong one. */
export async function stepOfCode(secret: string, code: string, at: number): Promise<number | null> {
  // otpauth compares bytes, and fails on as many letters that take more of them.
  if (!/^\d{6}$/.test(code)) return null
  const delta = (await totpOf(secret)).validate({ token: code, timestamp: at, window })
  return delta === null ? null : Math.floor(at / 1000 / periodSeconds) + delta
}

// SHA-1, six digits and thirty seconds: what every app takes; several ignore other values without a word.
async function totpOf(secret: string, label = ''): Promise<TOTP> {
  const { Secret, TOTP } = await import('otpauth')
  return new TOTP({
    issuer: 'Casebook',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: periodSeconds,
    secret: Secret.fromBase32(secret),
  })
}
