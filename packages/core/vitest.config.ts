import { configDefaults, defineConfig } from 'vitest/config'

// No database is behind these, so they run once and not on both engines.
const ofNoDatabase = [
  'src/auth/{device-name,key-text,passwords,secret-box,totp}.test.ts',
  'src/limits/*.test.ts',
]
const isPGlite = process.env['CASEBOOK_TEST_ENGINE'] === 'pglite'

export default defineConfig({
  test: {
    globalSetup: ['@casebook/db/testing/global-setup'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    exclude: [...configDefaults.exclude, ...(isPGlite ? ofNoDatabase : [])],
  },
})
