import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { procedures, transportsOf } from './call.ts'
import { actors, type Actor, type Entry } from './entry.ts'
import { table } from './table.ts'

const file = join(import.meta.dirname, '../../../../../docs/security.md')
const begin = '<!-- matrix: written by `npm run matrix -- --write` -->'
const end = '<!-- matrix: end -->'

const heads: Readonly<Record<Actor, string>> = {
  nobody: 'nobody',
  reader: 'reader',
  author: 'the author',
  otherAuthor: 'another author',
  editor: 'editor',
  clinician: 'clinician',
  admin: 'admin',
  linked: 'the patient',
  otherLinked: 'another patient',
  disabled: 'disabled',
}

const domains = { auth: 'Accounts', books: 'Books', records: 'Patients and records', audit: 'Audit trail' }

/** The matrix as it stands in `docs/security.md`. */
export function matrixText(): string {
  const calls = table.reduce((sum, entry) => sum + transportsOf(entry).length * actors.length, 0)
  const count = `${Object.keys(procedures).length} procedures, ${table.length} lines, ${calls} calls.`
  const parts = Object.entries(domains).map(([router, title]) => {
    const entries = table.filter(({ procedure }) => procedure.startsWith(`${router}.`))
    return `#### ${title}\n\n${tableText(entries)}`
  })
  return [begin, count, ...parts, end].join('\n\n')
}

function tableText(entries: readonly Entry[]): string {
  const columns = ['procedure', ...actors.map((actor) => heads[actor])]
  const rows = entries.map(({ procedure, on, expected }) => [
    `\`${procedure}\`${on === '' ? '' : ` ${on}`}`,
    ...actors.map((actor) => cellText(expected[actor])),
  ])
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function cellText(word: string): string {
  if (word === 'ok') return '✓'
  return word === 'none' ? '–' : word
}

/** Tells whether the document has the matrix as the table says it; how its columns are aligned is no matter. */
export function isMatrixWritten(): boolean {
  const text = readFileSync(file, 'utf8')
  const written = text.slice(text.indexOf(begin), text.indexOf(end) + end.length)
  return plain(written) === plain(matrixText())
}

/** Writes the matrix into the document. */
export function writeMatrix(): void {
  const text = readFileSync(file, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to === -1) throw new Error(`${file} has no place for the matrix`)
  writeFileSync(file, text.slice(0, from) + matrixText() + text.slice(to + end.length))
}

function plain(text: string): string {
  return text.replaceAll(/-{3,}/g, '---').replaceAll(/ +/g, ' ')
}
