import type { Database } from '@casebook/db'
import { createPasswords } from './auth/passwords.ts'
import { createDeps, type Deps } from './deps.ts'
import type { LimitSettings } from './limits/policies.ts'

/** Limits that tests of other things do not meet. */
const wideLimits: LimitSettings = {
  isOn: true,
  loginsPerMinute: 1000,
  loginsPerAddress: 1000,
  registrationsPerHour: 1000,
  resetsPerHour: 1000,
}

/** Makes what services share, for tests: keys of zeros, and passwords hashed in this process. */
export function createTestDeps(database: Database, catalogueBytes = 1024 * 1024): Deps {
  return createDeps({
    database,
    passwords: createPasswords({ processes: 0 }),
    publicUrl: 'http://127.0.0.1',
    cursorKey: new Uint8Array(32),
    sessions: { idleMinutes: 30, tokenMinutes: 720 },
    limits: wideLimits,
    catalogueBytes,
  })
}
