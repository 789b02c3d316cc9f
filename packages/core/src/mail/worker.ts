import { markFailed, markSent, takeMail, type Database, type Mail } from '@casebook/db'
import { writeMail } from './key-mails.ts'

/** Sends one mail; rejects when it could not. */
export type MailTransport = { send(mail: Mail): Promise<void>; close(): void }

export type MailWorkerOptions = {
  readonly database: Database
  readonly transport: MailTransport
  /** Where the service is reached from outside, without a trailing slash; links begin with it. */
  readonly publicUrl: string
  readonly intervalMs?: number
  readonly onError: (error: unknown) => void
}

/** Sends what is in the queue, after the answer that put it there; several servers share the work. */
export type MailWorker = {
  /** Sends what is due now. */
  flush(): Promise<void>
  stop(): Promise<void>
}

export function startMailWorker({
  database,
  transport,
  publicUrl,
  intervalMs = 1000,
  onError,
}: MailWorkerOptions): MailWorker {
  let running: Promise<void> = Promise.resolve()
  const flush = (): Promise<void> => {
    running = running.then(() => sendDue({ database, transport, publicUrl })).catch(onError)
    return running
  }
  const timer = setInterval(() => void flush(), intervalMs)
  timer.unref()
  return {
    flush,
    async stop() {
      clearInterval(timer)
      await running
      transport.close()
    },
  }
}

async function sendDue({
  database,
  transport,
  publicUrl,
}: Pick<MailWorkerOptions, 'database' | 'transport' | 'publicUrl'>): Promise<void> {
  for (;;) {
    const outcome = await database.transaction(async (stores) => {
      const { tx } = stores
      const mail = await takeMail(tx)
      if (mail === null) return 'empty'
      const written = await writeMail(stores, mail, publicUrl)
      try {
        if (written !== null) await transport.send(written)
        await markSent(tx, mail.id)
        return 'sent'
      } catch (error) {
        await markFailed(tx, mail)
        return { error }
      }
    })
    if (outcome === 'empty') return
    if (typeof outcome === 'object') throw outcome.error
  }
}
