import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Executor, Tx } from '../schema.ts'

export type Mail = { readonly recipient: string; readonly subject: string; readonly body: string }
export type QueuedMail = Mail & { readonly id: string; readonly attempts: number; readonly kind: string }
/** Mails that are written when they are sent, since they hold a key; until then only their recipient is known. */
export type KeyMailKind = 'password-reset' | 'email-verification'

/** The queue of mails that are to be sent. */
export function createMailStore(db: Executor) {
  return {
    async queue(mail: Mail): Promise<void> {
      await db
        .insertInto('mail')
        .values({ id: randomUUID(), ...mail })
        .execute()
    },
    /** Asks for a mail with a key to whoever has this address; the same single step whether anybody has. */
    async queueKey(kind: KeyMailKind, recipient: string): Promise<void> {
      await db
        .insertInto('mail')
        .values({ id: randomUUID(), kind, recipient, subject: '', body: '' })
        .execute()
    },
    /** Forgets mails that were sent, body and all, after a day. */
    async purge(): Promise<void> {
      await db
        .deleteFrom('mail')
        .where('sent_at', '<', sql<string>`now() - interval '1 day'`)
        .execute()
    },
  }
}

/** Takes one mail that is due, so that no other server sends it meanwhile; null when there is none. */
export async function takeMail(tx: Tx): Promise<QueuedMail | null> {
  const row = await tx
    .selectFrom('mail')
    .select(['id', 'kind', 'recipient', 'subject', 'body', 'attempts'])
    .where('sent_at', 'is', null)
    .where('next_attempt_at', '<=', sql<string>`now()`)
    .orderBy('next_attempt_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row ?? null
}

/** Marks a mail as sent, and empties it: it may hold a key. */
export async function markSent(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('mail')
    .set({ sent_at: sql<string>`now()`, body: '' })
    .where('id', '=', id)
    .execute()
}

/** Puts a mail off: 5 s, then twice as long each time, an hour at most. */
export async function markFailed(tx: Tx, mail: QueuedMail): Promise<void> {
  const seconds = Math.min(3600, 5 * 2 ** mail.attempts)
  await tx
    .updateTable('mail')
    .set({
      attempts: mail.attempts + 1,
      next_attempt_at: sql<string>`now() + make_interval(secs => ${seconds})`,
    })
    .where('id', '=', mail.id)
    .execute()
}
