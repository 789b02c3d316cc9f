import { createHash, type Hash } from 'node:crypto'
import { accessSync, constants, createReadStream, existsSync, lstatSync, statSync } from 'node:fs'
import { open, truncate, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { systemReason } from '../system-error.ts'
import { quoted } from '../typed-line.ts'

/** How far a side file has been written. */
export type Written = { readonly rows: number; readonly bytes: number; readonly sha256: string }

/** A file beside an import, which is made when its first row is written. */
export type SideFile = {
  readonly file: string
  readonly rows: number
  /** Writes a row; in CSV with these cells instead of its own, where there are any. */
  write(row: Row, cells?: readonly unknown[]): Promise<void>
  /** Puts what was written into the file, and tells how far it is now. */
  flush(): Promise<Written>
  close(): Promise<void>
}

/** Makes the text of a row; of the first one with what stands above it. */
type RowText = (row: Row, isFirst: boolean, cells?: readonly unknown[]) => string
type Row = Readonly<Record<string, unknown>>

const pendingLength = 65_536

export const nothingWritten: Written = { rows: 0, bytes: 0, sha256: createHash('sha256').digest('hex') }

/**
 * Opens a side file that is for its owner alone. With `from`, what was written up to there stays and what came after
 * is cut off. Throws CommandFailure when that is no longer in the file, and for a link to a file: what it holds would be
 * lost, and where it is may be read by others.
 */
export async function sideFile(
  file: string,
  rowText: RowText,
  from: Written = nothingWritten,
): Promise<SideFile> {
  assertFolder(file)
  assertNoLink(file)
  const hash = await hashOfWritten(file, from)
  if (from.rows > 0) await truncate(file, from.bytes)
  let handle: FileHandle | null = null
  let pending = ''
  let { rows, bytes } = from
  const flush = async (): Promise<Written> => {
    if (pending !== '') {
      const buffer = Buffer.from(pending)
      pending = ''
      try {
        handle ??= await openOwn(file, from.rows === 0 ? constants.O_TRUNC : constants.O_APPEND)
        await handle.writeFile(buffer)
      } catch (error) {
        throw unwritable(file, error)
      }
      hash.update(buffer)
      bytes += buffer.length
    }
    return { rows, bytes, sha256: hash.copy().digest('hex') }
  }
  return {
    file,
    get rows() {
      return rows
    },
    async write(row, cells) {
      pending += rowText(row, rows === 0, cells)
      rows += 1
      if (pending.length > pendingLength) await flush()
    },
    flush,
    async close() {
      await flush()
      await handle?.close()
    },
  }
}

function assertFolder(file: string): void {
  const folder = dirname(resolve(file))
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new CommandFailure(`${file} is a folder.`, exitCodes.usage)
  if (!existsSync(folder))
    throw new CommandFailure(
      `There is no folder ${folder} for ${file}.`,
      exitCodes.usage,
      `mkdir -p ${quoted(folder)}`,
    )
  // A file of its own may be written where nothing new may be put.
  if (existsSync(file)) return
  try {
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw unwritable(file, error)
  }
}

function unwritable(file: string, error: unknown): CommandFailure {
  return new CommandFailure(
    `${file} cannot be written: ${systemReason(error) ?? (error as Error).message}.`,
    exitCodes.failure,
    'name another file, where there is room: --rejects FILE, --notes FILE',
  )
}

function assertNoLink(file: string): void {
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true
  if (!isLink || statSync(file, { throwIfNoEntry: false })?.isFile() === false) return
  throw new CommandFailure(
    `${file} is a link to a file.`,
    exitCodes.usage,
    'name the file itself, or remove the link',
  )
}

/** Opens a file that its owner alone can read from now on; no link that came meanwhile is followed. */
async function openOwn(file: string, mode: number): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants
  const isDevice = statSync(file, { throwIfNoEntry: false })?.isFile() === false
  const handle = await open(file, O_WRONLY | O_CREAT | mode | (isDevice ? 0 : O_NOFOLLOW), 0o600)
  if (!isDevice) await handle.chmod(0o600)
  return handle
}

/** Makes the text of CSV rows whose columns are those of the first one. */
export async function csvRows(): Promise<RowText> {
  const { stringify } = await import('csv-stringify/sync')
  const line = (cells: readonly unknown[]) => stringify([[...cells]], { record_delimiter: '\r\n' })
  let columns: string[] | null = null
  return (row, isFirst, cells) => {
    columns ??= Object.keys(row)
    const text = line(cells ?? columns.map((column) => row[column] ?? ''))
    return isFirst ? line(columns) + text : text
  }
}

/** Makes the text of a row of NDJSON. */
export function ndjsonRow(row: Row): string {
  return `${JSON.stringify(row)}\n`
}

async function hashOfWritten(file: string, { rows, bytes, sha256 }: Written): Promise<Hash> {
  const hash = createHash('sha256')
  if (rows === 0) return hash
  try {
    for await (const chunk of createReadStream(file, { end: bytes - 1 })) hash.update(chunk as Buffer)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  if (hash.copy().digest('hex') === sha256) return hash
  throw new CommandFailure(
    `${file} is no longer what the import had written.`,
    exitCodes.usage,
    'keep it under another name, and begin anew without --resume: what arrived stays as it is',
  )
}
