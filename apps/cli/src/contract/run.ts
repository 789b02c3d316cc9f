import type { CasebookClient } from '@casebook/client'
import { findAccount } from '../accounts.ts'
import { assertConfirmable, confirm } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { createGate } from '../gate.ts'
import { clean } from '../output/clean.ts'
import { printList, printOne } from '../output/print.ts'
import { assertId } from '../ids.ts'
import { showPlan } from '../plan.ts'
import { masked, readLook, type Look } from '../reveal.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'
import { call, readList } from './call.ts'
import { inputOf, withSecrets, type Input, type Typed } from './input.ts'
import { checkInput } from './check-input.ts'
import { nameOf, readPresent } from './present.ts'
import type { CommandSpec } from './spec.ts'

/** Runs a command that calls one procedure. */
export async function runProcedure(settings: Settings, spec: CommandSpec, typed: Typed): Promise<void> {
  const isPlan = typed.flags['dryRun'] === true
  const isSure = typed.flags['yes'] === true
  if (spec.destroys === true && !isPlan) assertConfirmable(settings, isSure, spec.words)
  const look = readLook(typed.flags)
  if (spec.answer.form === 'page') return runList(settings, spec, typed)
  const client = connect(settings, undefined, { reason: look.reason })
  const input = await withAccount(client, spec, await inputOf(spec, typed))
  if (isPlan) {
    await checkInput(spec, input)
    const secrets = spec.secrets.filter(({ field, required }) => required || field in input)
    return showPlan(settings, {
      procedure: spec.procedure,
      input,
      secrets: secrets.map(({ field }) => field),
      present: await readPresent(client, spec, input),
      isRevealed: look.isRevealed,
    })
  }
  if (spec.destroys === true && !isSure) {
    const present = await readPresent(client, spec, input)
    const id = input[spec.args.at(-1) ?? '']
    await confirm(settings, {
      command: spec.words,
      name: nameOf(present),
      id: typeof id === 'string' ? id : undefined,
    })
  }
  const fromStdin = typed.flags['secretsStdin'] === true
  const whole = await withSecrets(settings, spec, { input, fromStdin })
  await show(settings, spec, {
    value: await call(client, spec, whole),
    hidden: hiddenIn(settings, spec, look),
  })
}

/** Fields that a table hides: who the patients are, unless it is told why that is shown. */
function hiddenIn({ output }: Settings, { answer }: CommandSpec, { isRevealed }: Look): readonly string[] {
  return output !== 'table' || isRevealed ? [] : (answer.identifying ?? [])
}

/** Lets accounts be named by their user names, too. */
async function withAccount(client: CasebookClient, spec: CommandSpec, input: Input): Promise<Input> {
  const { id } = input
  if (spec.accounts !== true || typeof id !== 'string') return input
  return { ...input, id: await findAccount(client, id) }
}

async function runList(settings: Settings, spec: CommandSpec, typed: Typed): Promise<void> {
  const look = readLook(typed.flags)
  const gate = createGate()
  const client = connect(settings, undefined, { reason: look.reason, gate })
  const input = await withAccount(client, spec, await inputOf(spec, typed))
  for (const [field, prefix] of Object.entries(spec.ids ?? {}))
    assertId(nameIn(spec, field), prefix, input[field])
  if (typeof input['limit'] === 'number' && input['limit'] < 1)
    throw new CommandFailure('--limit must be at least 1.', exitCodes.usage)
  const { columns, fields } = spec.answer
  const hidden = hiddenIn(settings, spec, look)
  let isAny = false
  const items = maskEach(gate.taking(readList(client, spec, input)), hidden, () => (isAny = true))
  await printList(items, {
    output: settings.output,
    columns: settings.output === 'table' ? columns : fields,
  })
  if (isAny) sayHidden(hidden)
}

/** The name under which a field is typed. */
function nameIn({ args, flags }: CommandSpec, field: string): string {
  if (args.includes(field)) return `<${field}>`
  return `--${flags.find((flag) => flag.field === field)?.name ?? field}`
}

async function* maskEach(
  items: AsyncIterable<object>,
  hidden: readonly string[],
  onItem: () => void,
): AsyncGenerator<object, void, undefined> {
  for await (const item of items) {
    onItem()
    yield hidden.length === 0 ? item : masked(item, hidden)
  }
}

function sayHidden(hidden: readonly string[]): void {
  if (hidden.length > 0) process.stderr.write('Who it is is hidden: --reveal --reason "…" shows it.\n')
}

async function show(
  settings: Settings,
  { answer, words }: CommandSpec,
  { value, hidden }: { value: unknown; hidden: readonly string[] },
): Promise<void> {
  const { output } = settings
  if (answer.form === 'nothing' || value === null) {
    if (output === 'json' || output === 'ndjson') process.stdout.write('null\n')
    else process.stderr.write(`Done: ${words}.\n`)
    return
  }
  if (answer.form === 'message' && output === 'table') {
    process.stdout.write(`${clean((value as { message: string }).message)}\n`)
    return
  }
  await printOne(masked(value as object, hidden), { output, columns: answer.fields })
  sayHidden(hidden)
}
