import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ourContract, type ContractVersion } from '@casebook/api'
import type { Change } from './changes.ts'
import { clientTypes } from './client-types.ts'

const root = join(import.meta.dirname, '../../..')
const types = 'packages/client/src/contract.generated.ts'
const version = 'packages/api/src/contract-version.json'

/** Names the files that follow from the contract and do not say what it says. */
export function staleFiles(ofVersion: string): string[] {
  const isStale = readFileSync(join(root, types), 'utf8') !== clientTypes(ofVersion)
  return [...(isStale ? [types] : []), ...(ourContract.version === ofVersion ? [] : [version])]
}

/** Writes the client's types, and for servers what they refuse to older clients. */
export function writeFiles(ofVersion: string, breaking: readonly Change[]): void {
  writeFileSync(join(root, types), clientTypes(ofVersion))
  const breaks = breaking
    .filter((change) => change.breaks.includes('RPC'))
    .map(({ subject, message }) => ({ version: ofVersion, subject, message }))
  const now: ContractVersion = { version: ofVersion, breaks: [...ourContract.breaks, ...breaks] }
  writeFileSync(join(root, version), `${JSON.stringify(now, null, 2)}\n`)
}
