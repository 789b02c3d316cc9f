import type { CasebookClient } from '@casebook/client'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printOne } from '../output/print.ts'
import { showPlan } from '../plan.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

type NewKey = Parameters<CasebookClient['auth']['keys']['create']['mutate']>[0]
export type KeyFlags = {
  readonly access?: string
  readonly domains?: string
  readonly days?: string
  readonly dryRun?: boolean
}

const columns = ['id', 'name', 'start', 'access', 'domains', 'expiresAt', 'lastUsedAt']

/** `casebook keys create`: the key alone goes to standard output, so that it can be piped to where it is kept. */
export async function createKey(settings: Settings, name: string, flags: KeyFlags): Promise<void> {
  const input = inputOf(name, flags)
  if (flags.dryRun === true) return showPlan(settings, { procedure: 'auth.keys.create', input })
  const made = await connect(settings).auth.keys.create.mutate(input)
  if (settings.output === 'table') process.stdout.write(`${made.key}\n`)
  else await printOne(made, { output: settings.output, columns: [...columns, 'createdAt', 'key'] })
  const bounds = `access ${made.access}, ${made.domains === null ? 'all domains' : made.domains.join(', ')}`
  process.stderr.write(
    `This is the only time that the key «${made.name}» is shown (${bounds}, until ${made.expiresAt}): keep it safe.\n` +
      `Use it as CASEBOOK_TOKEN or as a bearer token; «casebook keys revoke ${made.id}» ends it.\n`,
  )
}

/** Puts the flags as the contract has them, which checks them. Throws CommandFailure. */
function inputOf(name: string, { access, domains, days }: KeyFlags): NewKey {
  return {
    name,
    ...(access === undefined ? {} : { access: access as NonNullable<NewKey['access']> }),
    ...(domains === undefined
      ? {}
      : { domains: domains.split(',').map((one) => one.trim()) as NonNullable<NewKey['domains']> }),
    ...(days === undefined ? {} : { expiresInDays: daysOf(days) }),
  }
}

function daysOf(text: string): number {
  if (!/^\d{1,4}$/.test(text))
    throw new CommandFailure(`--days must be a whole number, not «${text}».`, exitCodes.usage)
  return Number(text)
}
