import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { typedAgain } from '../typed-line.ts'
import { nothingRead, type ImportCounts } from './run.ts'
import type { Written } from './side-files.ts'

/** How far an import has come: all of it has arrived, or is in its rejects file. */
export type Standing = {
  readonly counts: ImportCounts
  /** Bytes that were read of the input. */
  readonly bytes: number
  readonly rejects: Written
  readonly notes?: Written | undefined
}

/** What an import was begun with; it goes on with the same alone. */
export type Begun = Readonly<Record<string, unknown>>

type Content = {
  readonly casebookImport: 1
  readonly input: { readonly bytes: number; readonly sha256: string }
  readonly begun: Begun
  readonly standing: Standing
}

/** What an import remembers of itself, in a file beside its input, until it is done. */
export type Journal = {
  /** Where to go on; null when nothing was remembered. */
  readonly standing: Standing | null
  keep(standing: Standing): Promise<void>
  forget(): Promise<void>
}

/** Names the journal of an input. */
export function journalName(file: string): string {
  return `${file}.casebook-import.json`
}

/** The command that goes on with the import that this process does. */
export function commandToResume(): string {
  return typedAgain('--resume')
}

/** Tells whether an import of this input can be remembered: it must be a file that can be read again. */
export function canResume(file: string): boolean {
  return file !== '-' && statSync(file).isFile()
}

/** Tells what an interrupted import was begun with, and how many rows it had done; null when there was none. */
export function importBefore(file: string): { readonly begun: Begun; readonly rows: number } | null {
  if (!existsSync(journalName(file))) return null
  const { begun, standing } = readJournal(file)
  return { begun, rows: standing.counts.read }
}

/**
 * Opens the journal of an import: to go on with what it remembers, or anew. Throws CommandFailure when the input, or
 * what the import was begun with, is another one now.
 */
export async function openJournal(
  file: string,
  { begun, resume }: { begun: Begun; resume: boolean },
): Promise<Journal> {
  const name = journalName(file)
  const input = { bytes: statSync(file).size, sha256: await hashOf(file) }
  const before = resume && existsSync(name) ? readJournal(file) : null
  if (before !== null) assertSame(file, before, { input, begun })
  else await rm(name, { force: true })
  let isKept = true
  return {
    standing: before?.standing ?? null,
    async keep(standing) {
      if (!isKept) return
      const content: Content = { casebookImport: 1, input, begun, standing }
      isKept = await writeWhole(name, `${JSON.stringify(content)}\n`)
    },
    forget: () => rm(name, { force: true }),
  }
}

/** A journal that keeps nothing. */
export const noJournal: Journal = {
  standing: null,
  keep: () => Promise.resolve(),
  forget: () => Promise.resolve(),
}

/** Puts a text in the place of a file, whole or not at all. Where nothing may be written, it says so, and gives false. */
async function writeWhole(name: string, text: string): Promise<boolean> {
  try {
    // Never through a link that somebody has put there.
    await rm(`${name}.part`, { force: true })
    await writeFile(`${name}.part`, text, { mode: 0o600, flag: 'wx' })
    await rename(`${name}.part`, name)
    return true
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    process.stderr.write(`${name} cannot be written: this import cannot be resumed when it is interrupted.\n`)
    return false
  }
}

function readJournal(file: string): Content {
  const name = journalName(file)
  try {
    const content: unknown = JSON.parse(readFileSync(name, 'utf8'))
    if (isContent(content)) return content
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new CommandFailure(
    `${name} is no journal of an import.`,
    exitCodes.usage,
    'remove it, and import without --resume: what arrived stays as it is',
  )
}

function isContent(value: unknown): value is Content {
  const { casebookImport, input, begun, standing } = (value ?? {}) as Partial<Content>
  const { counts, bytes, rejects, notes } = (standing ?? {}) as Partial<Standing>
  const sizes = [
    input?.bytes,
    bytes,
    counts?.read,
    counts?.created,
    counts?.exists,
    counts?.rejected,
    ...[rejects, ...(notes === undefined ? [] : [notes])].flatMap((side) => [side?.rows, side?.bytes]),
    ...noteKinds.map((kind) => counts?.notes?.[kind]),
  ]
  const isSize = (size: unknown) => Number.isSafeInteger(size) && Number(size) >= 0
  return casebookImport === 1 && typeof begun === 'object' && begun !== null && sizes.every(isSize)
}

const noteKinds = Object.keys(nothingRead.notes) as (keyof ImportCounts['notes'])[]

function assertSame(file: string, before: Content, now: Pick<Content, 'input' | 'begun'>): void {
  const anew = 'import without --resume, which begins anew: what arrived stays as it is'
  if (before.input.bytes !== now.input.bytes || before.input.sha256 !== now.input.sha256)
    throw new CommandFailure(`${file} has changed since its import was interrupted.`, exitCodes.usage, anew)
  const names = [...new Set([...Object.keys(before.begun), ...Object.keys(now.begun)])]
  const other = names.filter((name) => JSON.stringify(before.begun[name]) !== JSON.stringify(now.begun[name]))
  if (other.length === 0) return
  throw new CommandFailure(
    `The import of ${file} was begun with another ${other.map((name) => named(name, before.begun[name])).join(' and ')}.`,
    exitCodes.usage,
    `give the same, or ${anew}`,
  )
}

/** Names what an import was begun with, and its value where that can be typed. */
function named(name: string, value: unknown): string {
  return typeof value === 'string' ? `${name}, ${value}` : name
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer)
  return hash.digest('hex')
}
