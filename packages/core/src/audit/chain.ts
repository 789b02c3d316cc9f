import { createHash } from 'node:crypto'
import { idOf, type AuditId } from '@casebook/api'
import type { AuditVerification } from '@casebook/api/audit'
import type { AuditRow, ChainLink, Database } from '@casebook/db'

const batch = 500
const maxProblems = 1000

/** Hashes an entry together with the hash before it: SHA-256 over its fields in a fixed order. */
export function linkHash(before: string, entry: AuditRow): string {
  const fields = [
    entry.id,
    entry.at,
    entry.actor_id,
    entry.actor_username,
    entry.actor_role,
    entry.action,
    entry.outcome,
    entry.resource,
    entry.patient_id,
    entry.count,
    entry.detail,
    entry.address,
    entry.request_id,
    // Entries from before there was this field are hashed without it.
    ...(entry.credential === null ? [] : [entry.credential]),
  ]
  return createHash('sha256').update(before).update('\n').update(JSON.stringify(fields)).digest('hex')
}

/**
 * Appends the entries that wait to the chain, some hundreds at most. Gives the last one if there may be more after it,
 * else null. `after` bounds the search, see `unsealed`.
 */
export async function sealEntries(database: Database, after: AuditId | null): Promise<AuditId | null> {
  return database.transaction(async (tx) => {
    const head = await tx.chainWriter.lockHead()
    const entries = await tx.chainWriter.unsealed(batch, after)
    let { hash } = head
    const links = entries.map((entry, index) => {
      hash = linkHash(hash, entry)
      return { seq: head.seq + index + 1, entryId: entry.id, hash }
    })
    await tx.chainWriter.append(links)
    const last = links.at(-1)
    return last === undefined || links.length < batch ? null : idOf('audit', last.entryId)
  })
}

type Problem = AuditVerification['problems'][number]

/** Computes the chain anew and says where it does not fit: an edit, a deletion, a swap, a cut tail. */
export async function verifyChain(database: Database): Promise<AuditVerification> {
  const { chain } = database.stores
  const head = await chain.head()
  const problems: Problem[] = []
  let before = { seq: 0, hash: '' }
  for (;;) {
    const links = await chain.links(before.seq, batch)
    for (const link of links) {
      const problem = checkLink(link, before)
      if (problem !== null && problems.length < maxProblems) problems.push(problem)
      before = { seq: link.seq, hash: link.hash }
    }
    if (links.length < batch) break
  }
  // Links that came after the head was read are newer, and no fault.
  if (before.seq < head.seq || (before.seq === head.seq && before.hash !== head.hash)) {
    problems.push({
      kind: 'cut-tail',
      message: `The chain ends at ${before.seq}, but its head says ${head.seq}.`,
    })
  }
  const pending = await chain.countPending()
  return {
    ok: problems.length === 0,
    sealed: before.seq,
    pending,
    head: before.hash === '' ? null : before.hash,
    problems,
  }
}

function checkLink(link: ChainLink, before: { seq: number; hash: string }): Problem | null {
  const id = idOf('audit', link.entryId)
  if (link.seq !== before.seq + 1) {
    return { kind: 'missing', message: `The links from ${before.seq + 1} to ${link.seq - 1} are gone.` }
  }
  if (link.entry === null) return { id, kind: 'missing', message: `The entry of link ${link.seq} is gone.` }
  if (linkHash(before.hash, link.entry) === link.hash) return null
  return {
    id,
    kind: 'edited',
    message: `The entry of link ${link.seq}, or the order before it, was changed.`,
  }
}
