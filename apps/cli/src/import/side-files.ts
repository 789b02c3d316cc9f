import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'

/** A CSV file that is made when its first row is written. */
export type SideFile = {
  readonly file: string
  readonly rows: number
  write(row: Readonly<Record<string, string>>): Promise<void>
  close(): Promise<void>
}

/** Opens a CSV file whose columns are those of its first row. */
export function sideFile(file: string): SideFile {
  let stream: WriteStream | null = null
  let columns: string[] = []
  let rows = 0
  return {
    file,
    get rows() {
      return rows
    },
    async write(row) {
      const { stringify } = await import('csv-stringify/sync')
      const line = (cells: string[]) => stringify([cells], { record_delimiter: '\r\n' })
      if (stream === null) {
        columns = Object.keys(row)
        stream = createWriteStream(file)
        await once(stream, 'open')
        stream.write(line(columns))
      }
      rows += 1
      if (!stream.write(line(columns.map((column) => row[column] ?? '')))) await once(stream, 'drain')
    },
    async close() {
      if (stream === null) return
      stream.end()
      await once(stream, 'close')
    },
  }
}
