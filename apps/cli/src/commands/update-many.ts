import { applyRow, explainEnd, type BulkRun, type Outcome } from '../bulk/apply.ts'
import { rowsAtOnce } from '../bulk/calls.ts'
import { nameEach } from '../bulk/name-changes.ts'
import { assertFields, createCheckUpdateHeader, createReadChange, type ReadChange } from '../bulk/change.ts'
import { chunks } from '../bulk/chunks.ts'
import { planChange, type PlannedRow, type Refusal } from '../bulk/plan.ts'
import { planLines } from '../bulk/plan-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { shareOf } from '../import/meter.ts'
import { readCell } from '../import/plain.ts'
import { openRejects, rejectsName, type Rejects } from '../import/rejects.ts'
import { assertInput, formatOf, openInput, readRows, type SourceRow } from '../import/rows.ts'
import { takeInterrupts } from '../interrupts.ts'
import { printOne } from '../output/print.ts'
import { createProgress } from '../output/progress.ts'
import { assertMayWrite, writeFileWhole } from '../output/whole-file.ts'
import type { Resource } from '../resources.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'
import { quoted, withTypedServer } from '../typed-line.ts'

export type UpdateFlags = {
  readonly format?: string
  readonly set?: readonly string[]
  readonly clearEmpty?: boolean
  readonly dryRun?: boolean
  readonly out?: string
  readonly force?: boolean
  readonly rejects?: string
  readonly yes?: boolean
}

type Counts = { read: number; changed: number; unchanged: number; rejected: number }

/** `casebook … update-many <file>` */
export async function updateMany(
  settings: Settings,
  { resource, file, flags }: { resource: Resource['name']; file: string; flags: UpdateFlags },
): Promise<void> {
  using interrupts = takeInterrupts()
  const { signal } = interrupts
  assertInput(file)
  assertPlanMayBeWritten(flags)
  const format = formatOf(file, flags.format)
  const isDry = flags.dryRun === true
  const rejects = await openRejects(flags.rejects ?? rejectsName(file, format), {
    format,
    mapping: null,
    written: undefined,
  })
  const set = Object.fromEntries((flags.set ?? []).map(readSet))
  await assertFields(resource, Object.keys(set))
  const readChange = await createReadChange(resource, {
    set,
    isEmptyNull: flags.clearEmpty === true,
  })
  const counts: Counts = { read: 0, changed: 0, unchanged: 0, rejected: 0 }
  const progress = createProgress()
  const share = shareOf(file)
  const changes = changesOf({
    rows: readRows(openInput(file), format, {
      signal,
      file,
      checkHeader: await createCheckUpdateHeader(resource),
    }),
    run: { client: connect(settings), resource, isDry, mayWithdraw: isDry || flags.yes === true },
    readChange,
    counts,
    rejects,
    onChunk: (bytes) => progress.show({ rows: counts.read, share: share(bytes) }),
  })
  try {
    const head = { resource, server: settings.url, madeAt: new Date().toISOString() }
    if (flags.out === undefined && isDry && settings.output === 'table')
      await nameEach(changes, resource, () => progress.clear())
    else if (flags.out === undefined) await passBy(changes)
    else await writeFileWhole(flags.out, planLines(head, changes), { onEnd: () => progress.clear() })
  } catch (error) {
    progress.clear()
    throw explainEnd(error, { changed: isDry ? 0 : counts.changed, signal })
  } finally {
    progress.clear()
    await rejects.close()
  }
  await report(settings, { counts, isDry, plan: flags.out, rejects })
}

function assertPlanMayBeWritten({ out, dryRun, force }: UpdateFlags): void {
  if (out === undefined) return
  if (dryRun !== true)
    throw new CommandFailure('--out writes a plan, which is what --dry-run makes.', exitCodes.usage)
  assertMayWrite(out, force === true)
}

/** Reads `field=value`; without a value, the field is taken away. Throws CommandFailure. */
function readSet(text: string): [field: string, value: unknown] {
  const [, field = '', value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? []
  if (field === '')
    throw new CommandFailure(`--set ${text} is not understood.`, exitCodes.usage, 'Write field=value')
  return [field, value === '' ? null : readCell(field, value)]
}

type Changing = {
  readonly rows: AsyncIterable<SourceRow>
  readonly run: BulkRun
  readonly readChange: ReadChange
  readonly counts: Counts
  readonly rejects: Rejects
  /** Is told of the bytes of the input up to the end of what was done. */
  readonly onChunk: (bytes: number) => void
}

/** Goes through the rows, some at once; gives the changes that were made, or that would be. */
async function* changesOf(changing: Changing): AsyncGenerator<PlannedRow, void, undefined> {
  const { rows, readChange, counts, rejects, onChunk, run } = changing
  const seen = new Set<string>()
  const change = async (row: SourceRow): Promise<{ outcome: Outcome; planned: PlannedRow | null }> => {
    const asked = readChange(row)
    if ('reason' in asked) return { outcome: asked, planned: null }
    if (seen.has(asked.id)) return { outcome: twice, planned: null }
    seen.add(asked.id)
    return applyRow(run, asked.id, (present) => planChange(asked, present))
  }
  for await (const chunk of chunks(rows, rowsAtOnce)) {
    const done = await Promise.all(chunk.map(async (row) => ({ row, ...(await change(row)) })))
    for (const { row, outcome, planned } of done) {
      counts.read += 1
      if (typeof outcome === 'string') counts[outcome] += 1
      else counts.rejected += 1
      if (typeof outcome !== 'string') await rejects.write(row, outcome)
      else if (planned !== null) yield planned
    }
    onChunk(chunk.at(-1)?.end ?? 0)
  }
}

const twice: Refusal = { column: 'id', reason: 'stands twice in this file' }

async function passBy(changes: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of changes);
}

type Done = {
  readonly counts: Counts
  readonly isDry: boolean
  readonly plan: string | undefined
  readonly rejects: Rejects
}

async function report(settings: Settings, { counts, isDry, plan, rejects }: Done): Promise<void> {
  const told = {
    dryRun: isDry,
    ...counts,
    ...(plan === undefined ? {} : { plan }),
    ...(rejects.rows === 0 ? {} : { rejectsFile: rejects.file }),
  }
  await printOne(told, { output: settings.output, columns: Object.keys(told) })
  if (isDry) process.stderr.write('A dry run: nothing was changed.\n')
  if (plan !== undefined)
    process.stderr.write(withTypedServer(`The plan is in ${plan}: casebook apply ${quoted(plan)}\n`))
  if (rejects.rows === 0) return
  process.stderr.write(`Rejected rows are in ${rejects.file}; mend them there, and give that file.\n`)
  process.exitCode = exitCodes.partly
}
