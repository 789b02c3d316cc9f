import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MailTransport } from '@casebook/core'
import type nodemailer from 'nodemailer'
import type { Transporter } from 'nodemailer'

export type MailOptions = { readonly smtpUrl: string | null; readonly outbox: string; readonly from: string }

/** Makes what sends mails: by SMTP, or without a server for it as files in the outbox. */
export function createMailTransport({ smtpUrl, outbox, from }: MailOptions): MailTransport {
  return smtpUrl === null ? outboxTransport(outbox, from) : smtpTransport(smtpUrl, from)
}

function smtpTransport(url: string, from: string): MailTransport {
  const transport = whenNeeded(({ createTransport }) => createTransport(url, { from }))
  return {
    async send({ recipient, subject, body }) {
      await (await transport.get()).sendMail({ to: recipient, subject, text: body })
    },
    close: transport.close,
  }
}

/** Writes each mail as an `.eml` file that only the server's account may read: it may hold a key. */
function outboxTransport(folder: string, from: string): MailTransport {
  const transport = whenNeeded(({ createTransport }) =>
    createTransport({ streamTransport: true, buffer: true, newline: 'windows' }, { from }),
  )
  return {
    async send({ recipient, subject, body }) {
      const { message } = await (await transport.get()).sendMail({ to: recipient, subject, text: body })
      if (!Buffer.isBuffer(message)) throw new Error('the mail was not composed as a buffer')
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await chmod(folder, 0o700)
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${recipient.replaceAll(/[^\w.@+-]/g, '_')}.eml`
      // Whoever watches for `.eml` files finds whole ones only.
      const temporary = join(folder, `.${name}.part`)
      await writeFile(temporary, message, { mode: 0o600 })
      await rename(temporary, join(folder, name))
    },
    close: transport.close,
  }
}

type Nodemailer = typeof nodemailer

/** Makes a transport when there is a first mail: most servers start without one, and loading the library takes time. */
function whenNeeded<T>(make: (nodemailer: Nodemailer) => Transporter<T>) {
  let made: Transporter<T> | undefined
  return {
    get: async () => (made ??= make(await import('nodemailer'))),
    close: () => made?.close(),
  }
}
