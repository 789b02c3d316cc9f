import { errorCatalogue, isErrorReason, type ErrorReason } from '@casebook/api/errors'
import type { CasebookError } from '@casebook/client'

/** The command that failed: its words, and what was typed after the name of the program. */
export type Failed = { readonly words: string; readonly args: readonly string[] }

type Hint = (error: CasebookError, failed: Failed) => string

const always =
  (text: string): Hint =>
  () =>
    text
const group = ({ words }: Failed) => words.split(' ')[0] ?? 'books'
const help: Hint = (_, { words }) => `casebook ${words} --help says what it takes`
/** The list of what is there of the kind that a command is about. */
const list: Hint = (_, failed) => {
  const inner = failed.words.split(' ').slice(0, -1).join(' ')
  const kind = [inner, group(failed)].find((one) => listed.has(one)) ?? 'books'
  return `list what there is: casebook ${kind} list`
}
/** The id that was typed. */
const idOf = ({ args }: Failed) => args.find((arg) => /^[a-z]+_[0-9a-z]{26}$/.test(arg)) ?? 'ID'
const listed = new Set([
  'auth sessions',
  'books',
  'authors',
  'records',
  'patients',
  'users',
  'users keys',
  'keys',
  'audit',
])
const again: Hint = (error) => `try again ${whenOf(error)}`
const reach = always('casebook doctor looks what is wrong; --url or CASEBOOK_URL names another server')
const factor = always('casebook auth totp show says what there is; casebook auth totp enroll begins')

/** What helps when the token of the environment is refused: it goes before any login. */
export const staleVariable =
  'CASEBOOK_TOKEN is set, and is not or no longer good: set another one, or unset it, and then casebook login'

/** Commands that help with each reason; other reasons have the advice of the catalogue. */
const hints: Readonly<Record<ErrorReason | 'unreachable' | 'timed-out' | 'not-casebook' | 'aborted', Hint>> =
  {
    'invalid-input': help,
    'malformed-request': help,
    'invalid-cursor': always('the list has changed its form meanwhile: run the command again'),
    'wrong-credentials': always(
      'casebook login asks again; casebook auth password request-reset sends a new key',
    ),
    'second-factor-required': always(
      'casebook login asks for the code at a terminal; with --password-stdin it is the second line',
    ),
    'wrong-second-factor': always('wait for the next code of the app, and run casebook login again'),
    'not-authenticated': () =>
      process.env['CASEBOOK_TOKEN'] === undefined ? 'casebook login' : staleVariable,
    'no-session': always('casebook login'),
    'invalid-reset-key': always('casebook auth password request-reset sends a new one'),
    'password-refused': always('choose a longer one, of several unrelated words'),
    'wrong-password': always('type it again; casebook auth password request-reset sends a key for a new one'),
    'reauthentication-required': always(
      'type the password as well, or run casebook login anew and then this',
    ),
    'invalid-verification-key': always('casebook auth email request-verification sends a new one'),
    'invalid-invitation': always('an admin sends a new one: casebook users invite'),
    'role-needs-invitation': always('an admin sends one: casebook users invite'),
    'username-taken': always('choose another one'),
    'email-taken': always('casebook login, or casebook auth password request-reset'),
    'cross-site': always('send no cookie: casebook login'),
    'second-factor-not-enrolled': always('casebook auth totp enroll'),
    'email-not-verified': always(
      'open the link of the mail; casebook auth email request-verification sends a new one',
    ),
    'not-allowed': always('casebook whoami shows your role'),
    'key-refused': always('Log in, with CASEBOOK_TOKEN unset: casebook login'),
    'key-out-of-scope': always('casebook keys create makes one whose access and domains cover it'),
    'not-found': list,
    'method-not-allowed': always('casebook doctor says whether server and command line fit'),
    timeout: again,
    'isbn-taken': always('find it: casebook books list --isbn ISBN'),
    'mrn-taken': always('find the patient: casebook patients list --mrn NUMBER'),
    'orcid-taken': always('find the author: casebook authors list --q NAME'),
    'author-has-books': (_, failed) => `see which: casebook books list --author ${idOf(failed)}`,
    'book-not-draft': (_, failed) => `take it from sight instead: casebook books withdraw ${idOf(failed)}`,
    'totp-enrolled': always('to change it, take it off first: casebook auth totp disable'),
    'totp-not-enrolled': factor,
    'second-factor-unavailable': always('whoever runs the server is to set SECRET_KEY'),
    'account-linked': always('unlink it there first: casebook patients unlink-account ID'),
    'last-admin': always('make somebody else an admin first: casebook users update ID --role admin'),
    stale: (_, failed) =>
      `read it again, and change what you find: casebook ${listed.has(group(failed)) ? group(failed) : 'books'} get ${idOf(failed)}`,
    'contract-mismatch': always('casebook --version --json says which of both is older'),
    'body-too-large': always('send less at once'),
    'unsupported-media-type': always('casebook doctor says whether server and command line fit'),
    'idempotency-mismatch': always('run the command again'),
    'too-many-requests': again,
    unexpected: ({ requestId }) =>
      `try again; if it stays, report the request id: casebook explain ${requestId ?? 'ID'}`,
    overloaded: again,
    unreachable: reach,
    'timed-out': reach,
    'not-casebook': reach,
    aborted: always('run the command again'),
  }

/** What helps after a failed call: a command where there is one. */
export function hintOf(error: CasebookError, failed: Failed): string {
  const { reason } = error
  const known = Object.hasOwn(hints, reason) ? hints[reason] : undefined
  return known?.(error, failed) ?? (isErrorReason(reason) ? errorCatalogue[reason].hint : 'casebook doctor')
}

/** Says when a call may be tried again, by the clock of who reads it. */
function whenOf({ retryAfterSeconds }: CasebookError): string {
  if (retryAfterSeconds === undefined) return 'in a while'
  const at = new Date(Date.now() + retryAfterSeconds * 1000)
  return `in ${retryAfterSeconds} s, at ${at.toLocaleTimeString('en-GB')}`
}
