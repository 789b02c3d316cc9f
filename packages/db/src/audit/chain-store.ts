import { uuidOf, type AuditId } from '@casebook/api'
import { sql } from 'kysely'
import { columnsOf } from '../identifiers.ts'
import { executeNamed } from '../named.ts'
import type { Executor, Tx } from '../schema.ts'
import { auditColumns, type AuditRow } from './store.ts'

/** The last link of the chain. */
export type ChainHead = { readonly seq: number; readonly hash: string }
export type ChainLink = {
  readonly seq: number
  readonly hash: string
  readonly entryId: string
  readonly entry: AuditRow | null
}

/** The hash chain beside the audit trail, to read. */
export function createChainStore(db: Executor) {
  return {
    async head(): Promise<ChainHead> {
      return db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow()
    },

    async countPending(): Promise<number> {
      const row = await db
        .selectFrom('audit_entry as e')
        .leftJoin('audit_seal as s', 's.entry_id', 'e.id')
        .select(sql<number>`count(*)`.as('count'))
        .where('s.seq', 'is', null)
        .executeTakeFirstOrThrow()
      return row.count
    },

    /** Reads links in order, with the entries they seal. */
    async links(after: number, limit: number): Promise<ChainLink[]> {
      const rows = await db
        .selectFrom('audit_seal as s')
        .leftJoin('audit_entry as e', 'e.id', 's.entry_id')
        .select(['s.seq', 's.hash', 's.entry_id'])
        .select(auditColumns.map((column) => `e.${column}` as const))
        .where('s.seq', '>', after)
        .orderBy('s.seq')
        .limit(limit)
        .execute()
      return rows.map(({ seq, hash, entry_id: entryId, ...entry }) => ({
        seq,
        hash,
        entryId,
        entry: entry.id === null ? null : (entry as AuditRow),
      }))
    },
  }
}

/** The hash chain, to append to, by one sealer at a time. */
export function createChainWriter(tx: Tx) {
  return {
    /** Locks the head, and with it the chain. */
    async lockHead(): Promise<ChainHead> {
      return tx.selectFrom('audit_head').select(['seq', 'hash']).forUpdate().executeTakeFirstOrThrow()
    },

    /**
     * Reads entries that wait to be sealed, in the order of their ids. `after` is the id above which to look, so that
     * the whole trail is not searched each second.
     */
    async unsealed(limit: number, after: AuditId | null): Promise<AuditRow[]> {
      const bound = after === null ? null : uuidOf(after)
      return tx
        .selectFrom('audit_entry as e')
        .select(auditColumns.map((column) => `e.${column}` as const))
        .$if(bound !== null, (query) => query.where('e.id', '>', bound))
        .where((on) => {
          const seals = on.selectFrom('audit_seal as s').select('s.seq').whereRef('s.entry_id', '=', 'e.id')
          // PostgreSQL does not infer it, and may read all seals there are to compare them.
          return on.not(on.exists(bound === null ? seals : seals.where('s.entry_id', '>', bound)))
        })
        .orderBy('e.id')
        .limit(limit)
        .execute()
    },

    async append(links: readonly { seq: number; entryId: string; hash: string }[]): Promise<void> {
      const last = links.at(-1)
      if (last === undefined) return
      const c = columnsOf(links, ['seq', 'entryId', 'hash'])
      await executeNamed(
        tx,
        sql`insert into audit_seal (seq, entry_id, hash)
          select * from unnest(${c.seq}::bigint[], ${c.entryId}::uuid[], ${c.hash}::text[])`,
      )
      await tx.updateTable('audit_head').set({ seq: last.seq, hash: last.hash }).execute()
    },
  }
}
