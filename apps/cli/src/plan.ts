import { printOne } from './output/print.ts'
import { identifying, masked } from './reveal.ts'
import type { Settings } from './settings.ts'

/** What a command would do, for `--dry-run`. */
export type Plan = {
  readonly procedure: string
  readonly input: Readonly<Record<string, unknown>>
  /** Fields of the input that are shown to nobody. */
  readonly secrets?: readonly string[]
  /** What is there now, where it could be read. */
  readonly present?: object | undefined
  /** Whether a table shows who a patient is. */
  readonly isRevealed?: boolean
}

/** Shows what would be sent, to which server, and what is there now; nothing is changed. */
export async function showPlan(settings: Settings, plan: Plan): Promise<void> {
  const { procedure, present, secrets = [] } = plan
  const veiled = Object.fromEntries(secrets.map((field) => [field, '••••']))
  const input = { ...plan.input, ...veiled }
  const about = { dryRun: true, procedure, request: `POST /trpc/${procedure}` }
  const where = { url: settings.url, profile: settings.profile }
  const whole = { ...about, ...where, input, ...(present === undefined ? {} : { present }) }
  const isForPeople = settings.output === 'table' || settings.output === 'csv'
  const isHidden = settings.output === 'table' && plan.isRevealed !== true
  const shownPresent =
    present !== undefined && isHidden && !Array.isArray(present) ? masked(present, identifying) : present
  const shown = isForPeople
    ? { ...about, ...where, ...flat('input', input), ...flat('present', shownPresent) }
    : whole
  await printOne(shown, { output: settings.output, columns: Object.keys(shown) })
}

function flat(name: string, value: object | undefined): object {
  if (value === undefined) return {}
  if (Array.isArray(value)) return { [name]: `${value.length} of them` }
  return Object.fromEntries(
    Object.entries(value).map(([field, content]) => [`${name}.${field}`, content as unknown]),
  )
}
