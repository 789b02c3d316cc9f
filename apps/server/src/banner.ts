import type { Settings } from './env.ts'
import { sampleAccounts } from './sample-accounts.ts'
import { version } from './version.ts'

export type Served = {
  readonly url: string
  /** One line that says which database it is. */
  readonly database: string
  readonly hasSampleAccounts: boolean
}

/** What the operator sees when the server listens. */
export function banner(server: Served, settings: Settings): string {
  const at = settings.port === 3000 ? '' : ` --url ${server.url}`
  const lines = [
    `Casebook ${version} listens on ${server.url}`,
    '',
    `  docs       ${server.url}/docs`,
    `  database   ${server.database}`,
    ...(settings.workers === 1 ? [] : [`  workers    ${settings.workers} processes`]),
    ...(server.hasSampleAccounts
      ? [`  accounts   ${sampleAccounts.join(', ')}; the password of each is <name>-of-casebook`]
      : ['  accounts   make the first one with: npm start -- admin create --username NAME --email ADDRESS']),
    '',
    'Try, in another terminal:',
    `  curl '${server.url}/api/books?limit=2'`,
    `  npm run -s casebook -- books list --limit 5${at}`,
    '',
    'Ctrl-C ends it.',
  ]
  return `${lines.join('\n')}\n`
}
