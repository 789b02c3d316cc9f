// `npm run fuzz -- --requests 1000000 --seed 7`: sends that many requests of every kind to servers, and judges the answers.
import { readCounts, runTest } from './test-runs.mjs'

const { requests, seed, engine } = readCounts({
  requests: 100_000,
  seed: Math.floor(Math.random() * 2 ** 31),
})
runTest('apps/server/test/fuzz.test.ts', engine, { FUZZ_REQUESTS: requests, FUZZ_SEED: seed })
