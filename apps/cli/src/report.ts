import { errorCatalogue, exitOfCode, isErrorReason } from '@casebook/api/errors'
import { isCasebookError, type CasebookError } from '@casebook/client'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure, commandProblem } from './failure.ts'
import { wantsJson } from './form.ts'
import { hintOf, type Failed } from './hints.ts'
import { clean } from './output/clean.ts'
import { systemMessage } from './system-error.ts'
import { withTypedServer } from './typed-line.ts'
import { asTyped } from './typed-names.ts'

/** What was running when it failed. */
export type Running = Failed & { readonly profile: string | undefined }

/** Says on standard error what went wrong and what helps; gives the exit code. */
export function report(error: unknown, running: Running): number {
  const told = describe(error, running)
  if (wantsJson(running.args)) process.stderr.write(`${JSON.stringify(told.problem)}\n`)
  else process.stderr.write(`${told.lines.map(clean).join('\n')}\n`)
  if (running.args.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return told.exitCode
}

/** What helps with a command that was typed wrong where nothing better is known. */
function usageHint(exitCode: number, { words }: Running): string | undefined {
  return exitCode === exitCodes.usage ? `${`casebook ${words}`.trim()} --help says what it takes` : undefined
}

type Told = { readonly lines: string[]; readonly problem: object; readonly exitCode: number }

function describe(error: unknown, running: Running): Told {
  if (isCasebookError(error)) return describeCall(error, running)
  const isOwn = error instanceof CommandFailure
  const message = systemMessage(error) ?? (error instanceof Error ? error.message : String(error))
  const help = isOwn ? (error.hint ?? usageHint(error.exitCode, running)) : '--debug shows where'
  const hint = help === undefined ? undefined : withTypedServer(help, running.args)
  const exitCode = isOwn ? error.exitCode : exitCodes.failure
  return {
    lines: [`Error: ${message}`, ...(hint === undefined ? [] : [`Hint: ${hint}`])],
    problem: commandProblem(message, exitCode, hint),
    exitCode,
  }
}

function describeCall(error: CasebookError, running: Running): Told {
  if (isTooLong(error)) return describe(new CommandFailure(tooLong, exitCodes.usage), running)
  const hint = withTypedServer(hintOf(error, running), running.args)
  const errors = error.errors.map((one) => asTyped(one, running))
  const [only, ...others] = error.errors
  const isSaid = others.length === 0 && error.message === `${only?.path}: ${only?.message}`
  const isListed = error.reason === 'invalid-input' && others.length > 0
  const said = isSaid
    ? `${errors[0]?.path}: ${errors[0]?.message}`
    : isListed
      ? `${errors.length} values are refused.`
      : error.message
  const isOfWay = error.code === 'UNREACHABLE' && running.profile !== undefined
  const detail = isOfWay ? `${said.replace(/\.$/, '')} (profile ${running.profile}).` : said
  const why = isOfWay ? whyOf(error.cause) : undefined
  const lines = [
    `Error: ${detail}`,
    ...(why === undefined ? [] : [`Why: ${why}`]),
    ...(isSaid ? [] : errors.map(({ path, message }) => `  ${path}: ${message}`)),
    `Hint: ${hint}`,
    ...(error.requestId === undefined ? [] : [`Request id: ${error.requestId}`]),
  ]
  const { type, status, code, reason, requestId, retryAfterSeconds } = error
  const exitCode = exitCodeOf(error)
  const title = isErrorReason(reason) ? errorCatalogue[reason].title : error.message
  const rest = { reason, errors: error.errors, requestId, retryAfterSeconds, why, hint, exitCode }
  return { lines, problem: { type: type ?? 'about:blank', title, status, detail, code, ...rest }, exitCode }
}

/** What tRPC's client says when the input of a query does not fit into an address. */
function isTooLong({ cause }: CasebookError): boolean {
  return cause instanceof Error && cause.message.startsWith('Input is too big')
}
const tooLong = 'What was typed is too long for a call.'

/** The exit code of a failed call: the catalogue's, or of what went wrong on the way. */
function exitCodeOf({ code, reason }: CasebookError): number {
  if (isErrorReason(reason)) return errorCatalogue[reason].exit
  switch (code) {
    case 'UNREACHABLE':
      return exitCodes.unavailable
    case 'ABORTED':
      return exitCodes.interrupted
    default:
      return exitOfCode[code]
  }
}

/** What the network said, below what fetch wraps it in. */
function whyOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined
  if (cause.name === 'AbortError') return 'no connection stood, or nothing was answered, within seconds'
  const inner = cause.cause instanceof Error && cause.cause.message !== '' ? cause.cause : cause
  return 'code' in inner && inner.code === 'ERR_SSL_WRONG_VERSION_NUMBER'
    ? 'the server there speaks no TLS: its address begins with http://, and not with https://'
    : inner.message
}
