import { configDefaults, defineConfig } from 'vitest/config'

// What these are about is the server as a process, its sockets and its texts: the engine makes no difference to them, and
// the run on PGlite, whose engine shares the processor with the tests, does without.
const ofProcesses = [
  'test/cli*.test.ts',
  'test/docs-page.test.ts',
  'test/document.test.ts',
  'test/equivalence.test.ts',
  'test/security/12-under-way.test.ts',
  'test/security/13-*.test.ts',
  'test/security/14-*.test.ts',
  'test/security/21-*.test.ts',
  'test/security/22-*.test.ts',
  'test/security/25-*.test.ts',
  'test/security/26-*.test.ts',
]
const isPGlite = process.env['CASEBOOK_TEST_ENGINE'] === 'pglite'

export default defineConfig({
  test: {
    globalSetup: ['@casebook/db/testing/global-setup'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    exclude: [...configDefaults.exclude, ...(isPGlite ? ofProcesses : [])],
  },
})
