import { text } from 'node:stream/consumers'
import { isCasebookError } from '@casebook/client'
import { storeToken } from '../credentials.ts'
import { exitCodes } from '../exit-codes.ts'
import { CommandFailure } from '../failure.ts'
import { printOne } from '../output/print.ts'
import { connect } from '../session.ts'
import { nonEmpty, type Settings } from '../settings.ts'

export type LoginFlags = {
  readonly username: string | undefined
  readonly passwordStdin?: boolean
  readonly tokenStdin?: boolean
}

/** `casebook login`: by password at a prompt or from standard input, or with a token that there is already. */
export async function login(settings: Settings, flags: LoginFlags): Promise<void> {
  if (flags.tokenStdin === true) return loginByToken(settings)
  const username = flags.username ?? (await ask(settings, 'User name or e-mail address', false))
  const [password, code] =
    flags.passwordStdin === true
      ? await readLines()
      : [await ask(settings, `Password of ${username}`, true), undefined]
  const { token, expiresAt, user } = await logIn(settings, {
    username,
    password,
    ...(code === undefined ? {} : { code }),
  })
  const file = storeToken(settings, { token, username: user.username, expiresAt })
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
    return call.mutate({ ...input, code: await ask(settings, 'Code of the app, or a recovery code', false) })
  }
}

async function loginByToken(settings: Settings): Promise<void> {
  const token = await readLine()
  const user = await connect(settings, token).auth.me.query()
  const file = storeToken(settings, { token, username: user.username, expiresAt: '' })
  await report(settings, { username: user.username, role: user.role, file })
}

async function report(
  settings: Settings,
  done: { username: string; role: string; expiresAt?: string; file: string },
): Promise<void> {
  const { username, role, file } = done
  if (settings.output !== 'table')
    return printOne(
      { ...done, url: settings.url, profile: settings.profile },
      { output: settings.output, columns: Object.keys(done) },
    )
  process.stdout.write(`Logged in at ${settings.url} as ${username} (${role}).\n`)
  process.stderr.write(`The token is kept in ${file}, readable by you alone.\n`)
  if (nonEmpty(process.env['CASEBOOK_TOKEN']) !== undefined)
    process.stderr.write('Note: CASEBOOK_TOKEN is set, and goes before this login.\n')
}

async function ask(settings: Settings, message: string, isSecret: boolean): Promise<string> {
  if (!settings.mayAsk) {
    const missing = isSecret ? '--password-stdin (or --token-stdin)' : 'the user name'
    throw new CommandFailure(
      `There is no terminal to ask at: give ${missing}.`,
      exitCodes.usage,
      'casebook login NAME --password-stdin < FILE',
    )
  }
  const { isCancel, password, text: question } = await import('@clack/prompts')
  const answer = await (isSecret
    ? password({ message, output: process.stderr })
    : question({ message, output: process.stderr }))
  if (isCancel(answer)) throw new CommandFailure('Cancelled.', exitCodes.cancelled)
  return answer
}

async function readLine(): Promise<string> {
  const line = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (line === '') throw new CommandFailure('Standard input is empty.', exitCodes.usage)
  return line
}

/** Reads the password, and the code where there is a second line. */
async function readLines(): Promise<[password: string, code: string | undefined]> {
  const [password = '', code] = (await readLine()).split(/\r?\n/)
  return [password, code]
}
