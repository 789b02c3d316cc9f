import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { judge } from '../src/lock.ts'
import { readLock, readSurroundings } from '../src/lock-file.ts'
import { readContract } from '../src/read-contract.ts'
import { describe } from '../src/report.ts'
import { staleFiles } from '../src/written-files.ts'

test('the contract is as the lock says', () => {
  const verdict = judge(readLock(), readContract(), readSurroundings())
  expect(describe(verdict)).toBe('The contract is as the lock says.\n')
})

test('what is written out of the contract is as it says', () => {
  expect(staleFiles(readSurroundings().version), 'run npm run contract -- --write').toEqual([])
})

test('every package has the one version', () => {
  const root = join(import.meta.dirname, '../../..')
  const manifests = globSync(['apps/*/package.json', 'packages/*/package.json'], { cwd: root })
  const versions = manifests.map((file) => {
    const { version } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { version: string }
    return `${file} ${version}`
  })
  const { version } = readSurroundings()
  expect(versions.filter((line) => !line.endsWith(` ${version}`))).toEqual([])
})
