import { DomainError, type Caller } from '@casebook/api'
import type { User } from '@casebook/api/auth'
import type { SecondFactor, TxStores } from '@casebook/db'
import { auditEntry } from '../audit/entries.ts'
import type { Deps } from '../deps.ts'
import { recoveryCodeUsedMail } from './factor-mails.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import { stepOfCode } from './totp.ts'

/** A code that an account was asked for, and what for: the name of the procedure. */
export type AskedCode = { readonly user: User; readonly code: string | undefined; readonly action: string }

/**
 * Lets an account that had a second factor when its password was asked log in with it. Throws
 * `second-factor-required`, `wrong-second-factor`.
 */
export async function assertSecondFactor(deps: Deps, caller: Caller, asked: AskedCode): Promise<void> {
  const factor = await deps.database.stores.secondFactors.get(asked.user.id)
  if (factor === null || factor.confirmedAt === null) return
  await takeCode(deps, caller, { ...asked, factor })
}

/**
 * Takes a code of a confirmed factor, or a recovery code: each works once, also when many use it at once. What is
 * wrong is counted, and has an entry in the audit trail. Throws `second-factor-required`, `wrong-second-factor`.
 */
export async function takeCode(
  deps: Deps,
  caller: Caller,
  { user, factor, action, code = '' }: AskedCode & { readonly factor: SecondFactor },
): Promise<void> {
  const typed = code.replaceAll(/[\s-]/g, '')
  if (typed === '') throw new DomainError('second-factor-required')
  const isOfApp = /^\d{6}$/.test(typed)
  const step = isOfApp ? await stepOfTypedCode(deps, { user, factor, code: typed }) : null
  const isTaken = await deps.database.transaction(async (tx) => {
    const taken = await (isOfApp ? takeStep(tx, user, step) : takeRecoveryCode(tx, user, typed))
    const detail = isOfApp ? 'code of the app' : 'recovery code'
    if (!taken || !isOfApp)
      await tx.auditWriter.append(
        auditEntry(callerOf(caller, user), { action, outcome: taken ? 'allowed' : 'failed', detail }),
      )
    return taken
  })
  if (!isTaken) throw wrongCode()
}

/** The error of a code that is wrong or used up; it does not say which. */
export function wrongCode(): DomainError {
  return new DomainError('wrong-second-factor', {
    errors: [{ path: 'code', message: 'is wrong or was used before' }],
  })
}

/** Opens the secret of a factor. Throws `second-factor-unavailable` where the server has no key. */
export function openSecret({ secretBox }: Deps, user: User, factor: SecondFactor): string {
  if (secretBox === null) throw new DomainError('second-factor-unavailable')
  return secretBox.open(factor.secret, purposeOf(user))
}

/** Seals the secret of a factor for its account alone. Throws `second-factor-unavailable`. */
export function sealSecret({ secretBox }: Deps, user: User, secret: string): string {
  if (secretBox === null) throw new DomainError('second-factor-unavailable')
  return secretBox.seal(secret, purposeOf(user))
}

function purposeOf({ id }: User): string {
  return `totp of ${id}`
}

async function stepOfTypedCode(
  deps: Deps,
  { user, factor, code }: { user: User; factor: SecondFactor; code: string },
): Promise<number | null> {
  return stepOfCode(openSecret(deps, user, factor), code, deps.now())
}

/** A code that was right once is no guess: only a wrong one counts. */
async function takeStep(tx: TxStores, user: User, step: number | null): Promise<boolean> {
  if (step !== null) return tx.secondFactors.takeStep(user.id, step)
  await tx.secondFactors.countWrongCode(user.id)
  return false
}

async function takeRecoveryCode(tx: TxStores, user: User, typed: string): Promise<boolean> {
  if (!(await tx.secondFactors.takeRecoveryCode(user.id, hashRecoveryCode(typed)))) return false
  await tx.mail.queue(recoveryCodeUsedMail(user, await tx.secondFactors.countRecoveryCodes(user.id)))
  return true
}

/** Who logs in is known before there is a session. */
function callerOf(caller: Caller, { id, username, role }: User): Caller {
  return { ...caller, user: { id, username, role, patientId: caller.user?.patientId ?? null } }
}
