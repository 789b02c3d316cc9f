export const outputFormats = ['table', 'json', 'ndjson', 'csv'] as const
export type OutputFormat = (typeof outputFormats)[number]
export const storeChoices = ['keyring', 'file', 'auto'] as const
/** Where tokens are to be kept; `auto` is the keyring where there is one, else a file. */
export type StoreChoice = (typeof storeChoices)[number]

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

/** What can be set by a flag, the environment or a file. */
export const settingNames = ['url', 'profile', 'output', 'store'] as const
export type SettingName = (typeof settingNames)[number]
