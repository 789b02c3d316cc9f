import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { findMapping, type Mapping } from './mapping.ts'
import { ownRejects, rejectsName } from './rejects.ts'
import { formatOf, type Format } from './rows.ts'

export type ImportFlags = {
  readonly format?: string
  readonly source?: string
  readonly mapping?: string
  readonly map?: readonly string[]
  readonly dryRun?: boolean
  readonly resume?: boolean
  readonly rejects?: string
  readonly notes?: string
  readonly status?: string
}

/** What the flags of an import ask for. */
export type Asked = {
  readonly format: Format
  readonly mapping: Mapping | null
  readonly source: string
  readonly status: string | undefined
  readonly dryRun: boolean
  readonly rejects: string
  readonly notes: string | undefined
}

/**
 * Reads what the flags of an import ask for; `begunRejects` is the file of rejected rows of the import that it goes on
 * with. Throws CommandFailure.
 */
export function readFlags(file: string, flags: ImportFlags, begunRejects?: unknown): Asked {
  const format = formatOf(file, flags.format)
  const mapping = findMapping(flags.mapping, flags.map ?? [])
  const asked = {
    format,
    mapping,
    source: flags.source ?? mapping?.source ?? 'casebook',
    status: flags.status,
    dryRun: flags.dryRun === true,
    rejects: flags.rejects ?? ownRejects(begunRejects, file, format) ?? rejectsName(file, format),
    notes: flags.notes,
  }
  assertApart([file, asked.rejects, ...(asked.notes === undefined ? [] : [asked.notes])])
  return asked
}

/** Throws CommandFailure when two of an import's files are one. */
function assertApart(files: readonly string[]): void {
  const paths = files.map((file) => (existsSync(file) ? realpathSync(file) : resolve(file)))
  const twice = files.find((_, index) => paths.indexOf(paths[index] ?? '') !== index)
  if (twice !== undefined)
    throw new CommandFailure(`${twice} would be read and written at once.`, exitCodes.usage)
}
