/** Writes a word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** The command that was typed, with more words behind it, for a hint that can be run. */
export function typedAgain(...more: readonly string[]): string {
  const words = process.argv.slice(2).filter((word) => !more.includes(word))
  return ['casebook', ...words.map(quoted), ...more].join(' ')
}

/** Gives the commands within a text the server and the profile that were typed, so that they mean the same ones. */
export function withTypedServer(text: string, args: readonly string[] = process.argv.slice(2)): string {
  const typed = ['--profile', '--url']
    .flatMap((flag) => typedFlag(flag, args))
    .filter((words) => !text.includes(words))
  return typed.length === 0 ? text : text.replaceAll(/\bcasebook (?=[a-z-])/g, `casebook ${typed.join(' ')} `)
}

function typedFlag(flag: string, args: readonly string[]): string[] {
  const place = args.findLastIndex((arg) => arg === flag || arg.startsWith(`${flag}=`))
  const arg = args[place]
  if (arg === undefined) return []
  const value = arg === flag ? args[place + 1] : arg.slice(flag.length + 1)
  return value === undefined ? [] : [`${flag} ${quoted(value)}`]
}
