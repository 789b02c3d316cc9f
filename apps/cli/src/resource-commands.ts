import type { Command } from 'commander'
import { addUpdateMany } from './bulk-commands.ts'
import type { ImportFlags } from './import/flags.ts'
import { groupOf } from './contract/groups.ts'
import { importFields } from './contract/commands.generated.ts'
import { example } from './help.ts'
import { builtInMappings } from './import/built-in.ts'
import { transformNames } from './import/transform-names.ts'
import type { RunLater } from './top-level.ts'
import type { Resource } from './resources.ts'

/** Adds what is done with many objects of a kind: export, import. */
export function addResource(program: Command, resource: Resource, run: RunLater): void {
  const { name, filters } = resource
  const group = groupOf(program, [name])
  const exporting = group
    .command('export')
    .description(
      `Write ${name === 'books' ? 'all published books (others by --status)' : `all ${name}`} to standard output or a file.`,
    )
  for (const filter of filters) exporting.option(`--${filter.name} <${filter.kind}>`, filter.help)
  exporting
    .option('--out <file>', 'write to this file instead of standard output; its ending tells the form')
    .option('--force', 'replace the file when it is there')
    .addHelpText(
      'after',
      example(
        `casebook ${name} export > ${name}.ndjson`,
        `casebook ${name} export --output csv --out ${name}.csv`,
      ),
    )
    .action((flags: Record<string, string>) =>
      run(async (settings) => (await import('./commands/export.ts')).exportAll(settings, resource, flags))(),
    )
  if (name !== 'books') exporting.option('--reason <text>', 'why you look; the audit trail keeps it')
  const importing = group
    .command('import')
    .description(`Import ${name} from CSV or NDJSON; what was imported before stays as it is.`)
    .argument('<file>', 'a file, or - for standard input')
    .option('--format <format>', 'csv or ndjson (default: by the name of the file)')
    .option(
      '--source <name>',
      'where the rows come from, to which their identifiers belong (default: that of the mapping, else casebook)',
    )
    .option(
      '--mapping <name>',
      `how the columns map to our fields: ${Object.keys(builtInMappings).join(', ')}, or a JSON file`,
    )
    .option(
      '--map <field=column>',
      'one field: field=column, field=column:transform, or field==constant; repeatable',
      collect,
    )
    .option('--dry-run', 'check everything on the server, and change nothing')
    .option('--resume', 'go on behind what had arrived when the import of this file was interrupted')
    .option('--rejects <file>', 'where rejected rows go (default: beside the input)')
    .option('--notes <file>', 'write what was repaired or left out to this file')
    .addHelpText('after', () => importHelp(name))
    .addHelpText(
      'after',
      example(
        `casebook ${name} import ${name}.ndjson`,
        `casebook ${name} import rows.csv --source archive --dry-run`,
        `casebook ${name} import rows.csv --source archive --resume`,
      ),
    )
  if (name === 'books')
    importing.option('--status <status>', 'status of new books: draft or published (default draft)')
  addUpdateMany(group, name, run)
  importing.action((file: string, flags: ImportFlags) =>
    run(async (settings) =>
      (await import('./commands/import.ts')).importFile(settings, { resource: name, file, flags }),
    )(),
  )
}

/** What a file of an import holds. */
function importHelp(name: Resource['name']): string {
  const fields = importFields[name] ?? []
  return [
    `\nColumns of CSV, or fields of each NDJSON object (* must be there; those of an export are taken, too):`,
    ...columns(fields.map(({ name: field, required, help }) => [required ? `${field}*` : field, help])),
    `\nTransforms of --map field=column:transform:`,
    ...columns(Object.entries(transformNames)),
  ].join('\n')
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length))
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`)
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}
