import { errorCatalogue, exitOfCode, isErrorReason } from '@casebook/api/errors'
import { isCasebookError, type CasebookError, type ClientErrorCode } from '@casebook/client'
import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

/** Says on standard error what went wrong and what helps; gives the exit code. */
export function report(error: unknown, args: readonly string[]): number {
  const isJson =
    args.includes('--json') ||
    args.some((arg, index) => (arg === '--output' || arg === '-o') && args[index + 1] === 'json') ||
    args.includes('--output=json')
  const told = describe(error, args)
  if (isJson) process.stderr.write(`${JSON.stringify(told.problem)}\n`)
  else process.stderr.write(`${told.lines.join('\n')}\n`)
  if (args.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return told.exitCode
}

type Told = { readonly lines: string[]; readonly problem: object; readonly exitCode: number }

function describe(error: unknown, args: readonly string[]): Told {
  if (isCasebookError(error)) return describeCall(error, args)
  if (error instanceof CommandFailure) {
    const hint = error.hint === undefined ? [] : [`Hint: ${error.hint}`]
    return {
      lines: [`Error: ${error.message}`, ...hint],
      problem: problem(error.message, error.exitCode),
      exitCode: error.exitCode,
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    lines: [`Error: ${message}`, 'Hint: --debug shows where'],
    problem: problem(message, 1),
    exitCode: exitCodes.failure,
  }
}

function describeCall(error: CasebookError, args: readonly string[]): Told {
  const hint = hintOf(error, args)
  const [only, ...others] = error.errors
  const isSaid = others.length === 0 && error.message === `${only?.path}: ${only?.message}`
  const lines = [
    `Error: ${error.message}`,
    ...(isSaid ? [] : error.errors.map(({ path, message }) => `  ${path}: ${message}`)),
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
    ...(error.requestId === undefined ? [] : [`Request id: ${error.requestId}`]),
  ]
  const { type, status, code, reason, message: detail, errors, requestId, retryAfterSeconds } = error
  return {
    lines,
    problem: { type, title: reason, status, detail, code, errors, requestId, retryAfterSeconds, hint },
    exitCode: exitCodeOf(code),
  }
}

function problem(detail: string, exitCode: number): object {
  return { type: 'about:blank', title: 'command failed', detail, exitCode }
}

/** The exit code of a failed call: the catalogue's, or of what went wrong on the way. */
function exitCodeOf(code: ClientErrorCode): number {
  switch (code) {
    case 'UNREACHABLE':
      return exitCodes.unavailable
    case 'ABORTED':
      return exitCodes.interrupted
    default:
      return exitOfCode[code]
  }
}

/** A command that helps, where there is one, else the catalogue's advice. */
function hintOf(error: CasebookError, args: readonly string[]): string | undefined {
  const words = args.slice(2).filter((argument) => !argument.startsWith('-'))
  switch (error.reason) {
    case 'not-authenticated':
      return process.env['CASEBOOK_TOKEN'] === undefined
        ? 'casebook login'
        : 'CASEBOOK_TOKEN is set, and is no longer good: set another one, or unset it and log in'
    case 'invalid-input':
      return `casebook ${words.slice(0, 2).join(' ')} --help says what it takes`
    case 'wrong-credentials':
      return 'check user name and password; casebook login asks again'
    case 'second-factor-required':
      return 'casebook login asks for the code at a terminal; with --password-stdin it is the second line'
    case 'too-many-requests':
    case 'overloaded':
      return `try again ${whenOf(error)}`
    case 'not-allowed':
      return 'casebook whoami shows your role'
    case 'unreachable':
    case 'timed-out':
    case 'not-casebook':
      return 'is the server running? --url or CASEBOOK_URL names another one'
    case 'not-found':
      return `list what there is: casebook ${words[0] ?? 'books'} list`
    default:
      return isErrorReason(error.reason) ? errorCatalogue[error.reason].hint : undefined
  }
}

/** Says when a call may be tried again, by the clock of who reads it. */
function whenOf({ retryAfterSeconds }: CasebookError): string {
  if (retryAfterSeconds === undefined) return 'in a while'
  const at = new Date(Date.now() + retryAfterSeconds * 1000)
  return `in ${retryAfterSeconds} s, at ${at.toLocaleTimeString('en-GB')}`
}
