import { markFailed, markSent, takeMail, type Database, type Mail } from '@casebook/db'

/** Sends one mail; rejects when it could not. */
export type MailTransport = { send(mail: Mail): Promise<void>; close(): void }

export type MailWorkerOptions = {
  readonly database: Database
  readonly transport: MailTransport
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
  intervalMs = 1000,
  onError,
}: MailWorkerOptions): MailWorker {
  let running: Promise<void> = Promise.resolve()
  const flush = (): Promise<void> => {
    running = running.then(() => sendDue(database, transport)).catch(onError)
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

async function sendDue(database: Database, transport: MailTransport): Promise<void> {
  for (;;) {
    const outcome = await database.transaction(async ({ tx }) => {
      const mail = await takeMail(tx)
      if (mail === null) return 'empty'
      try {
        await transport.send(mail)
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
