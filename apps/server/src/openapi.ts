import { appRouter, declaredErrors, type DeclaredError, type Meta } from '@casebook/api'
import { buildOpenApi, type ProcedureMeta } from '@casebook/rest'
import { clientSample } from './client-sample.ts'
import { reasonHeader } from './reason.ts'

const tags = [
  { name: 'Accounts', description: 'Register, log in and out, reset a password.' },
  { name: 'Sessions', description: 'Where you are logged in.' },
  { name: 'API keys', description: 'For scripts: bounded, expiring, revocable.' },
  { name: 'Second factor', description: 'An authenticator app and recovery codes beside the password.' },
  { name: 'Users', description: 'For admins: find, change and invite.' },
  { name: 'Books', description: 'The catalogue.' },
  { name: 'Authors', description: 'Who wrote, edited, translated.' },
  { name: 'Patients', description: 'For clinicians: whose records these are.' },
  { name: 'Records', description: 'Patients’ records: amended, never overwritten.' },
  { name: 'Audit', description: 'Who read or changed what.' },
]

const introduction =
  'Authors and their digital books, and the patients’ records that case studies are written from. Errors are problem+json (RFC 9457); lists are arrays, whole without `limit` and a page with it.'

function howToTry(accounts: readonly string[]): string {
  const names = accounts.map((name) => `\`${name}\``).join(', ')
  return `To try it, log in by \`POST /api/user/login\` as one of the sample accounts (${names}), each with the password \`<name>-of-casebook\`, and give the token as the bearer token.`
}

/** Builds the OpenAPI document of the contract. */
export function createDocument({
  version,
  publicUrl,
  cookieName,
  sampleAccounts = [],
}: {
  version: string
  publicUrl: string
  cookieName: string
  /** User names of sample accounts that are live, for readers to try. */
  sampleAccounts?: readonly string[]
}): object {
  return buildOpenApi(appRouter, {
    info: {
      title: 'Casebook',
      version,
      description: [introduction, ...(sampleAccounts.length === 0 ? [] : [howToTry(sampleAccounts)])].join(
        '\n\n',
      ),
      contact: { name: 'Casebook', url: `${publicUrl}/docs` },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags,
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'The token that POST /api/user/login answers.' },
      key: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'casebook_…',
        description:
          'An API key of POST /api/user/keys, sent like a token; it does what its access and domains allow.',
      },
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: cookieName,
        description: 'Set by POST /api/user/login_session.',
      },
    },
    securityOf,
    failuresOf,
    headersOf: (meta) => (isOurs(meta) && meta.audited === true ? [reasonHeader] : []),
    problemTypeOf: (reason) => `${publicUrl}/problems/${reason}`,
    tokenVariable: 'CASEBOOK_TOKEN',
    samplesOf: (call) => [clientSample(call, publicUrl)],
  })
}

/** What is public asks for no credential, but for what ends the session of one. */
function securityOf(meta: ProcedureMeta) {
  const isOpen = isOurs(meta) && meta.access === 'public' && !meta.errors?.includes('no-session')
  if (isOpen) return []
  const takesKeys = !isOurs(meta) || meta.keys !== 'refused'
  return [{ bearer: [] }, ...(takesKeys ? [{ key: [] }] : []), { session: [] }]
}

/** Gives the failures that a procedure of the contract declares. */
export function failuresOf(meta: ProcedureMeta): DeclaredError[] {
  return isOurs(meta) ? declaredErrors(meta) : []
}

function isOurs(meta: ProcedureMeta): meta is Meta & ProcedureMeta {
  return 'access' in meta
}
