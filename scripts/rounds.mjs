// `npm run rounds -- --rounds 10`: kills servers and PostgreSQL under load, and counts what was lost or doubled.
import { readCounts, runTest } from './test-runs.mjs'

const { rounds, engine } = readCounts({ rounds: 10 })
runTest('apps/server/test/security/26-kill-rounds.test.ts', engine, { KILL_ROUNDS: rounds })
