import { startMailWorker, startSealer } from '@casebook/core'
import { purgeIdempotencyKeys, type Database } from '@casebook/db'
import type { Logger } from 'pino'
import { outboxOf, type Settings } from './env.ts'
import { createMailTransport } from './mail/index.ts'

/**
 * Starts what is done without being asked for: mail, the seals of the audit trail, cleaning. Of several processes
 * that share a database any number may: each piece of work is taken by one.
 */
export function startBackgroundWork(
  database: Database,
  settings: Settings,
  logger: Logger,
): () => Promise<void> {
  const onError = (err: unknown) => logger.warn({ err }, 'background work failed, and will be tried again')
  const transport = createMailTransport({
    smtpUrl: settings.smtpUrl,
    outbox: outboxOf(settings),
    from: settings.mailFrom,
  })
  const mail = startMailWorker({ database, transport, intervalMs: 500, onError })
  const sealer = startSealer({ database, onError })
  const cleaning = setInterval(() => void clean(database).catch(onError), 10 * 60_000)
  cleaning.unref()
  return async () => {
    clearInterval(cleaning)
    await mail.stop()
    await sealer.seal()
    await sealer.stop()
  }
}

async function clean(database: Database): Promise<void> {
  await purgeIdempotencyKeys(database.kysely)
  await database.stores.sessions.deleteExpired()
  await database.stores.keys.purge()
  await database.stores.mail.purge()
  await database.stores.limits.sweep()
  await database.stores.logins.forgetNetworks()
}
