import type { Command } from 'commander'

/** What the groups of commands are for. */
export const groups: Readonly<Record<string, string>> = {
  auth: 'Your account: password, address, second factor, sessions.',
  'auth password': 'Change or reset a password.',
  'auth email': 'Your address, and whether it is verified.',
  'auth totp': 'The second factor of your account.',
  'auth sessions': 'Where you are logged in.',
  keys: 'Make, list and revoke API keys.',
  users: 'Look after accounts; for admins.',
  'users keys': 'API keys of other accounts.',
  books: 'Look up, write, publish, import and export books.',
  authors: 'Look up and write authors.',
  records: 'Look up, write, import and export records.',
  patients: 'Look up, write, import and export patients.',
  audit: 'Look over the audit trail: who read or changed what, and whether it is whole.',
}

/** Finds a group of commands, or makes it. */
export function groupOf(parent: Command, [name, ...rest]: readonly string[], path: string = ''): Command {
  if (name === undefined) return parent
  const words = `${path} ${name}`.trim()
  const found = parent.commands.find((one) => one.name() === name)
  const group =
    found ??
    parent
      .command(name)
      .description(groups[words] ?? '')
      .helpCommand(false)
  return groupOf(group, rest, words)
}
