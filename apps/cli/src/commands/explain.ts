import { errorCatalogue, isErrorReason, type ErrorReason } from '@casebook/api/errors'
import type { AuditEntry } from '@casebook/client'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printOne } from '../output/print.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'

/** `casebook explain`: what the audit trail knows of a request, or what a reason for a failure means. */
export async function explain(settings: Settings, given: string): Promise<void> {
  // Ids of requests have digits in them, unless somebody has made them up.
  const isWords = /^[a-z]+(-[a-z]+)*$/.test(given)
  const shown = isErrorReason(given)
    ? ofReason(settings, given)
    : await ofRequest(settings, given).catch((error: unknown) => {
        throw isWords ? noSuchReason(given) : error
      })
  await printOne(shown, { output: settings.output, columns: Object.keys(shown) })
}

function ofReason({ url }: Settings, reason: ErrorReason): object {
  const { code, status, exit, title, hint } = errorCatalogue[reason]
  return { reason, title, hint, code, status, exit, page: `${url}/problems/${reason}` }
}

function noSuchReason(given: string): CommandFailure {
  const all = Object.keys(errorCatalogue)
  const parts = given.split('-')
  const near = all.filter((reason) => reason.split('-').some((part) => parts.includes(part)))
  return new CommandFailure(
    `There is no reason «${given}», nor a request of this id.`,
    exitCodes.notFound,
    `${near.length === 0 ? 'reasons are' : 'there are'} ${(near.length === 0 ? all : near).join(', ')}`,
  )
}

/** The acts of one request; values of medical data are in none of them. Throws CommandFailure. */
async function ofRequest(settings: Settings, requestId: string): Promise<object> {
  const { items } = await connect(settings).audit.list.query({ requestId, limit: 1000 })
  if (items.length === 0) {
    throw new CommandFailure(
      `The audit trail knows no request «${requestId}»: it touched nothing that is audited, or is of another server.`,
      exitCodes.notFound,
      'casebook audit list --limit 20 shows the latest acts; casebook explain not-found shows what a reason means',
    )
  }
  const pages = [...new Set(items.flatMap(reasonsOf))].map((reason) => `${settings.url}/problems/${reason}`)
  const acts = settings.output === 'table' ? items.map(sentenceOf) : items
  return { requestId, acts, pages }
}

/** Reasons that an act may have failed for; the trail keeps the outcome. */
function reasonsOf({ outcome, actor }: AuditEntry): ErrorReason[] {
  if (outcome === 'allowed') return []
  if (outcome === 'failed') return ['not-found', 'stale', 'invalid-input']
  return actor === undefined ? ['not-authenticated'] : ['not-allowed', 'key-out-of-scope']
}

function sentenceOf({ at, actor, action, outcome, resource, address }: AuditEntry): string {
  const who = actor === undefined ? 'nobody known' : `${actor.username} (${actor.role})`
  const what = resource === undefined ? action : `${action} of ${resource}`
  return `${at}: ${who} from ${address}, ${what}: ${outcome}`
}
