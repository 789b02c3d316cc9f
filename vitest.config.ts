import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests wait for processes and clocks more than they compute: one file for each core, and none left over for vitest.
  test: { projects: ['packages/*', 'apps/*', 'bench'], maxWorkers: 2 },
})
