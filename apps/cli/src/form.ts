/** Tells whether an error is to be JSON, by what was typed, since there may be no settings yet. */
export function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, place) =>
      arg === '--json' ||
      arg === '--output=json' ||
      arg === '-ojson' ||
      ((arg === '--output' || arg === '-o') && args[place + 1] === 'json'),
  )
}
