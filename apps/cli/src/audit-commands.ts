import type { Command } from 'commander'
import { auditTrail } from './audit-trail.ts'
import { groupOf } from './contract/groups.ts'
import { example } from './help.ts'
import type { RunLater } from './top-level.ts'

/** Adds `casebook audit`: list, verify, export. */
export function addAudit(program: Command, run: RunLater): void {
  const group = groupOf(program, ['audit'])
  const list = group.command('list').description('List entries, latest first: all, or a number with --limit.')
  const exporting = group
    .command('export')
    .description('Write all entries to standard output or a file, latest first.')
  for (const { name, kind, help } of auditTrail.filters) {
    list.option(`--${name} <${kind}>`, help)
    exporting.option(`--${name} <${kind}>`, help)
  }
  list
    .option('--limit <number>', 'at most so many')
    .addHelpText(
      'after',
      example(
        'casebook audit list --limit 20',
        'casebook audit list --who clinician --from 2026-01-01',
        'casebook audit list --patient pat_01jd3xq5e0f2q8n4v6z8a1b3e1 --output csv',
      ),
    )
    .action((flags: Record<string, string>) =>
      run(async (settings) => (await import('./commands/list.ts')).list(settings, auditTrail, flags))(),
    )
  group
    .command('verify')
    .description(
      'Check that no entry was edited, deleted, swapped or cut off; exit 1 and say where if one was.',
    )
    .option('--head <hash>', 'the head that an earlier check gave: the trail must still hold it')
    .addHelpText('after', example('casebook audit verify', 'casebook audit verify --json'))
    .action((flags: { head?: string }) =>
      run(async (settings) => (await import('./commands/verify.ts')).verify(settings, flags))(),
    )
  exporting
    .option('--out <file>', 'write to this file instead of standard output; its ending tells the form')
    .option('--force', 'replace the file when it is there')
    .addHelpText(
      'after',
      example(
        'casebook audit export > audit.ndjson',
        'casebook audit export --outcome refused --out refused.csv',
      ),
    )
    .action((flags: Record<string, string>) =>
      run(async (settings) =>
        (await import('./commands/export.ts')).exportAll(settings, auditTrail, flags),
      )(),
    )
}
