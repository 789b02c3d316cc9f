import { expect, test } from 'vitest'
import { readContract } from '../src/read-contract.ts'
import { judge } from '../src/lock.ts'
import { readLock, readSurroundings } from '../src/lock-file.ts'
import { describe } from '../src/report.ts'

test('the contract is as the lock says', () => {
  const verdict = judge(readLock(), readContract(), readSurroundings())
  expect(describe(verdict)).toBe('The contract is as the lock says.\n')
})
