import type { Command } from 'commander'
import { addAudit } from './audit-commands.ts'
import { addContractCommands } from './contract/commands.ts'
import { addKeys } from './key-commands.ts'
import { addResource } from './resource-commands.ts'
import { resources } from './resources.ts'
import { buildTop, type OnSettings } from './top-level.ts'

/** Builds the whole tree of commands, of which `typed` may leave out what it does not name. */
export function buildProgram(onSettings?: OnSettings, typed?: readonly string[]): Command {
  return buildTop(onSettings, (program, run) => {
    addContractCommands(program, run, typed)
    addKeys(program, run)
    for (const resource of resources) addResource(program, resource, run)
    addAudit(program, run)
  })
}
