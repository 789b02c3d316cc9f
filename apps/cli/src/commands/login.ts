import { text } from 'node:stream/consumers'
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
  const password =
    flags.passwordStdin === true ? await readLine() : await ask(settings, `Password of ${username}`, true)
  const { token, expiresAt, user } = await connect(settings, null).auth.login.mutate({
    username,
    password,
  })
  const file = storeToken(settings, { token, username: user.username, expiresAt })
  await report(settings, { username: user.username, role: user.role, expiresAt, file })
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
