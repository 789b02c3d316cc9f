import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { globalSetup: ['@casebook/db/testing/global-setup'], testTimeout: 30_000, hookTimeout: 30_000 },
})
