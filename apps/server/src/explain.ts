import { DomainError } from '@casebook/api'
import { EngineError } from '@casebook/db'
import { usage, UsageError } from './arguments.ts'
import { WrongDocuments } from './documents-command.ts'
import { SettingsError } from './env.ts'
import { WorkersFailed } from './workers/crew.ts'

/** One clear sentence for what an operator can mend; the rest is ours, and shown with its stack. */
export function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`
  if (error instanceof SettingsError) return `These settings are wrong:\n${error.message}`
  if (error instanceof EngineError || error instanceof DomainError) return error.message
  if (error instanceof WorkersFailed || error instanceof WrongDocuments) return error.message
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? error.code : undefined
  const port = process.env['PORT'] ?? '3000'
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program: end that one, or set PORT to another number.`
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this account: set PORT to a number above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST ${process.env['HOST']} is no address of this machine.`
  return error.stack ?? error.message
}
