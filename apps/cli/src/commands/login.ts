import { isCasebookError } from '@casebook/client'
import { ask } from '../ask.ts'
import { chooseStore } from '../choose-store.ts'
import { assertToken, storeToken, type Store } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { clean } from '../output/clean.ts'
import { printOne } from '../output/print.ts'
import { showPlan } from '../plan.ts'
import { connect } from '../session.ts'
import type { StoreChoice } from '../choices.ts'
import { nonEmpty, type Settings } from '../settings.ts'
import { readLines } from '../stdin.ts'
import { quoted } from '../typed-line.ts'

export type LoginFlags = {
  readonly username: string | undefined
  readonly passwordStdin?: boolean
  readonly tokenStdin?: boolean
  readonly store?: StoreChoice
  readonly dryRun?: boolean
}

/** `casebook login`: by password at a prompt or from standard input, or with a token that there is already. */
export async function login(settings: Settings, flags: LoginFlags): Promise<void> {
  if (flags.dryRun === true) return plan(settings, flags)
  // Known before there is a session that could not be kept.
  const store = await chooseStore(settings, flags.store)
  // Nobody types a password for a server that is away.
  if (settings.mayAsk) await connect(settings, null).books.list.query({ limit: 1 })
  if (flags.tokenStdin === true) return loginByToken(settings, store)
  const username =
    flags.username ?? (await askFor(settings, { message: `User name or e-mail address at ${settings.url}` }))
  const [password = '', code] =
    flags.passwordStdin === true
      ? await readLines()
      : [await askFor(settings, { message: `Password of ${username} at ${settings.url}`, username })]
  const { token, expiresAt, user } = await logIn(settings, {
    username,
    password,
    ...(code === undefined ? {} : { code }),
  })
  const file = await storeToken(settings, { token, username: user.username, expiresAt }, store)
  await report(settings, { username: user.username, role: user.role, expiresAt, file })
}

/** Logs in, and asks for the code of the second factor when the account has one and nobody has given it. */
async function logIn(settings: Settings, input: { username: string; password: string; code?: string }) {
  const { login: call } = connect(settings, null).auth
  try {
    return await call.mutate(input)
  } catch (error) {
    const isAsked = isCasebookError(error) && error.reason === 'second-factor-required'
    if (!isAsked || !settings.mayAsk) throw error
    return call.mutate({ ...input, code: await ask('Code of the app, or a recovery code') })
  }
}

async function loginByToken(settings: Settings, store: Store): Promise<void> {
  const [line = ''] = await readLines()
  const token = line.trim()
  assertToken(token, 'Standard input')
  const user = await connect(settings, token).auth.me.query()
  const file = await storeToken(settings, { token, username: user.username, expiresAt: '' }, store)
  await report(settings, { username: user.username, role: user.role, file })
}

function plan(settings: Settings, { username, tokenStdin }: LoginFlags): Promise<void> {
  const isToken = tokenStdin === true
  return showPlan(settings, {
    procedure: isToken ? 'auth.me' : 'auth.login',
    input: username === undefined ? {} : { username },
    secrets: [isToken ? 'token' : 'password'],
  })
}

async function report(
  settings: Settings,
  done: { username: string; role: string; expiresAt?: string; file: string },
): Promise<void> {
  const { username, role, file } = done
  if (settings.output === 'table')
    process.stdout.write(`${clean(`Logged in at ${settings.url} as ${username} (${role}).`)}\n`)
  else
    await printOne(
      { ...done, url: settings.url, profile: settings.profile },
      { output: settings.output, columns: Object.keys(done) },
    )
  process.stderr.write(`The token is kept in ${file}, readable by you alone.\n`)
  if (nonEmpty(process.env['CASEBOOK_TOKEN']) !== undefined)
    process.stderr.write('Note: CASEBOOK_TOKEN is set, and goes before this login.\n')
}

type Asking = { readonly message: string; readonly username?: string }

/** Asks for the password of a user name, or without one for that. Throws CommandFailure. */
async function askFor(settings: Settings, { message, username }: Asking): Promise<string> {
  const isSecret = username !== undefined
  if (settings.mayAsk) return ask(message, { isSecret })
  const missing = isSecret ? '--password-stdin (or --token-stdin)' : 'the user name'
  throw new CommandFailure(
    `There is no terminal to ask at: give ${missing}.`,
    exitCodes.usage,
    `casebook login ${username === undefined ? 'NAME' : quoted(username)} --password-stdin < FILE`,
  )
}
