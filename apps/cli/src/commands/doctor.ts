import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isCasebookError } from '@casebook/client'
import { credentialsFile, findToken, type Token } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { staleVariable } from '../hints.ts'
import { hasKeyring } from '../keyring.ts'
import { clean } from '../output/clean.ts'
import { printList } from '../output/print.ts'
import { ask, askServer } from '../server-state.ts'
import { connect } from '../session.ts'
import type { Settings } from '../settings.ts'
import { withTypedServer } from '../typed-line.ts'

/** What was looked at, and what to do where it is not well; `exit` is how a failure of it ends. */
type Check = {
  readonly check: string
  readonly ok: boolean
  readonly found: string
  readonly todo?: string | undefined
  readonly exit: number
}

/** Seconds by which clocks may differ: codes of second factors live for thirty. */
const maxSkew = 30

/** `casebook doctor`: looks over server, contract, credentials, clock and files; ends as the first that is not well. */
export async function doctor(settings: Settings): Promise<void> {
  const checks = [
    ...(await serverChecks(settings)),
    await credentialsCheck(settings),
    keptCheck(),
    await keyringCheck(settings),
  ]
  if (settings.output === 'table') process.stdout.write(withTypedServer(checks.map(linesOf).join('')))
  else {
    const rows = checks.map(({ exit: _, ...check }) => check)
    await printList(each(rows), { output: settings.output, columns: ['ok', 'check', 'found', 'todo'] })
  }
  const first = checks.find(({ ok }) => !ok)
  if (first !== undefined) throw new CommandFailure(`${first.check}: ${first.found}`, first.exit, first.todo)
}

function linesOf({ check, ok, found, todo }: Check): string {
  const line = `${ok ? 'ok      ' : 'not ok  '}${check}: ${clean(found)}\n`
  return ok || todo === undefined ? line : `${line}        ${todo}\n`
}

async function serverChecks(settings: Settings): Promise<Check[]> {
  const { url, all } = settings
  const began = Date.now()
  const [server, ready] = await Promise.all([askServer(settings), ask(url, '/readyz')])
  const exit = exitCodes.unavailable
  const isOurs = server.version !== undefined
  const reach: Check = {
    check: 'server',
    ok: isOurs,
    found: isOurs ? `${url} (${all.url.origin}), version ${server.version}` : (server.problem ?? url),
    ...(isOurs ? {} : { todo: 'start it, or name another one: --url or CASEBOOK_URL' }),
    exit,
  }
  if (!isOurs || ready === null) return [reach]
  const isReady = ready.status === 200
  const skew = ready.at === null ? 0 : (ready.at.getTime() - (began + Date.now()) / 2) / 1000
  const isInTime = Math.abs(skew) <= maxSkew
  return [
    reach,
    {
      check: 'database',
      ok: isReady,
      found: isReady ? 'answers' : 'does not answer the server',
      ...(isReady ? {} : { todo: 'wait a moment, and see the log of the server' }),
      exit,
    },
    {
      check: 'contract',
      ok: server.fits === true,
      found: server.problem ?? 'fits',
      ...(server.fits === true ? {} : { todo: 'update whichever is older: casebook --version --json' }),
      exit: exitCodes.conflict,
    },
    {
      check: 'clock',
      ok: isInTime,
      found: `${Math.abs(Math.round(skew))} s apart from the server`,
      ...(isInTime ? {} : { todo: 'set the clock of this machine; codes of second factors need it' }),
      exit: exitCodes.failure,
    },
  ]
}

async function credentialsCheck(settings: Settings): Promise<Check> {
  const check = { check: 'credentials', exit: exitCodes.credentials }
  let source: Token['source'] | undefined
  try {
    const token = await findToken(settings)
    source = token?.source
    if (token === null)
      return { ...check, ok: false, found: `none for ${settings.url}`, todo: 'casebook login' }
    const { username, role } = await connect(settings, token.value).auth.me.query()
    return { ...check, ok: true, found: `${username} (${role}), by ${token.source}` }
  } catch (error) {
    const isAway = isCasebookError(error) && error.code === 'UNREACHABLE'
    const todo = isAway ? 'see above' : source === 'CASEBOOK_TOKEN' ? staleVariable : 'casebook login'
    return { ...check, ok: false, found: (error as Error).message, todo }
  }
}

function keptCheck(): Check {
  const file = credentialsFile()
  const check = { check: 'files', exit: exitCodes.failure }
  if (!existsSync(file)) return { ...check, ok: true, found: 'no credentials are kept' }
  if (process.platform === 'win32') return { ...check, ok: true, found: file }
  const open = [file, dirname(file)].filter((path) => (statSync(path).mode & 0o077) !== 0)
  return open.length === 0
    ? { ...check, ok: true, found: `${file}, for you alone` }
    : {
        ...check,
        ok: false,
        found: `others may read ${open.join(' and ')}`,
        todo: `chmod go= ${open.join(' ')}`,
      }
}

async function keyringCheck({ store }: Settings): Promise<Check> {
  const isThere = await hasKeyring()
  const isNeeded = store === 'keyring'
  const isFileFine = store === 'file' || store === 'auto'
  return {
    check: 'keyring',
    ok: isThere || !isNeeded,
    found: isThere ? 'open' : isFileFine ? 'none, and tokens go into a file' : 'none that is open',
    todo: isThere || isFileFine ? undefined : 'casebook login --store file keeps tokens in a file',
    exit: exitCodes.failure,
  }
}

async function* each<T>(list: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* list
}
