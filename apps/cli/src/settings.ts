import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

export const outputFormats = ['table', 'json', 'ndjson', 'csv'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** Flags that every command takes. */
export type GlobalFlags = {
  readonly url?: string
  readonly profile?: string
  readonly output?: string
  readonly json?: boolean
  /** `--no-input` makes it false. */
  readonly input?: boolean
  readonly debug?: boolean
}

export type Settings = {
  readonly url: string
  readonly profile: string
  readonly output: OutputFormat
  /** Whether the output was asked for, or is the usual one. */
  readonly isOutputTold: boolean
  readonly mayAsk: boolean
  readonly debug: boolean
}

/** Puts flags before the environment before defaults. Throws CommandFailure. */
export function readSettings(flags: GlobalFlags, env: NodeJS.ProcessEnv): Settings {
  const url = (flags.url ?? nonEmpty(env['CASEBOOK_URL']) ?? 'http://127.0.0.1:3000').replace(/\/+$/, '')
  if (!/^https?:\/\/[^/]+/.test(url) || !URL.canParse(url)) {
    throw new CommandFailure(
      `«${url}» is no address of a server.`,
      exitCodes.usage,
      'Give one such as --url http://127.0.0.1:3000',
    )
  }
  const output = flags.json === true ? 'json' : (flags.output ?? 'table')
  if (!isOutputFormat(output)) {
    throw new CommandFailure(
      `There is no output «${output}».`,
      exitCodes.usage,
      `Use one of ${outputFormats.join(', ')}.`,
    )
  }
  return {
    url,
    profile: flags.profile ?? nonEmpty(env['CASEBOOK_PROFILE']) ?? 'default',
    output,
    isOutputTold: flags.json === true || flags.output !== undefined,
    mayAsk: flags.input !== false && process.stdin.isTTY && process.stderr.isTTY,
    debug: flags.debug === true,
  }
}

export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function isOutputFormat(text: string): text is OutputFormat {
  return (outputFormats as readonly string[]).includes(text)
}
