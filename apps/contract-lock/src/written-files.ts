import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ourContract, type ContractVersion } from '@casebook/api'
import type { Change } from './changes.ts'
import { buildProgram } from 'casebook/program'
import { clientTypes } from './client-types.ts'
import { commandsFile } from './command-specs.ts'

const root = join(import.meta.dirname, '../../..')
const types = 'packages/client/src/contract.generated.ts'
const commands = 'apps/cli/src/contract/commands.generated.ts'
/** Help at the top, as it is where there is no terminal of another width. */
const help = 'apps/cli/src/help.generated.txt'
const version = 'packages/api/src/contract-version.json'

/** Names the files that follow from the contract and do not say what it says. */
export function staleFiles(ofVersion: string): string[] {
  const isStale = (file: string, text: string) => readFileSync(join(root, file), 'utf8') !== text
  return [
    ...(isStale(types, clientTypes(ofVersion)) ? [types] : []),
    ...(isStale(commands, commandsFile()) ? [commands] : []),
    ...(isStale(help, helpText()) ? [help] : []),
    ...(ourContract.version === ofVersion ? [] : [version]),
  ]
}

/** Writes the client's types, the commands, and for servers what they refuse to older clients. */
export function writeFiles(ofVersion: string, breaking: readonly Change[]): void {
  writeFileSync(join(root, types), clientTypes(ofVersion))
  writeFileSync(join(root, commands), commandsFile())
  writeFileSync(join(root, help), helpText())
  const breaks = breaking
    .filter((change) => change.breaks.includes('RPC'))
    .map(({ subject, message }) => ({ version: ofVersion, subject, message }))
  const now: ContractVersion = { version: ofVersion, breaks: [...ourContract.breaks, ...breaks] }
  writeFileSync(join(root, version), `${JSON.stringify(now, null, 2)}\n`)
}

function helpText(): string {
  return buildProgram()
    .configureOutput({ getOutHelpWidth: () => 80 })
    .helpInformation()
}
