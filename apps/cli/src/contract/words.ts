import type { PresentSpec } from './spec.ts'

/** What the contract does not say of a command that it makes. */
export type Words = {
  readonly words: string
  readonly fixed?: Readonly<Record<string, unknown>>
  /** Other names of flags than the fields have. */
  readonly flags?: Readonly<Record<string, string>>
  readonly columns?: readonly string[]
  /** Fields that are no flags here. */
  readonly without?: readonly string[]
  readonly destroys?: true
  readonly present?: PresentSpec
  readonly accounts?: true
}

const page = (procedure: string, takes: readonly string[] = [], id = 'id'): PresentSpec => ({
  procedure,
  kind: 'page',
  takes,
  ...(id === '' ? {} : { id }),
})
const one = (procedure: string, takes: readonly string[] = ['id']): PresentSpec => ({
  procedure,
  kind: 'one',
  takes,
})
const ofBook = { present: one('books.get') }
const ofAuthor = { present: one('books.authors.get') }
const ofRecord = { present: one('records.get') }
const ofPatient = { present: one('records.patients.get') }
const accounts = true
const ofUser = { present: page('auth.users.list'), accounts } as const
const ofMe = { present: one('auth.me', []) }
const ofTotp = { present: one('auth.totp.get', []) }
const ofSessions = { present: page('auth.sessions.list', [], '') }
const destroys = true
const bookColumns = ['id', 'title', 'contributors', 'publishedOn', 'isbn13', 'status']
const recordColumns = ['id', 'date', 'kind', 'title', 'status', 'patientId']
const keyColumns = ['id', 'name', 'start', 'access', 'domains', 'expiresAt', 'lastUsedAt']

/** Which commands each procedure of the contract is called by; what they take follows from the contract. */
export const wordsOf: Readonly<Record<string, readonly Words[]>> = {
  'auth.register': [{ words: 'auth register' }],
  'auth.updateMe': [{ words: 'auth update', ...ofMe }],
  'auth.requestPasswordReset': [{ words: 'auth password request-reset' }],
  'auth.resetPassword': [{ words: 'auth password reset' }],
  'auth.changePassword': [{ words: 'auth password change', ...ofMe }],
  'auth.email': [{ words: 'auth email show' }],
  'auth.requestEmailVerification': [{ words: 'auth email request-verification', ...ofMe }],
  'auth.verifyEmail': [{ words: 'auth email verify' }],
  'auth.totp.get': [{ words: 'auth totp show' }],
  'auth.totp.enroll': [{ words: 'auth totp enroll', ...ofTotp }],
  'auth.totp.confirm': [{ words: 'auth totp confirm', ...ofTotp }],
  'auth.totp.disable': [{ words: 'auth totp disable', destroys, ...ofTotp }],
  'auth.totp.renewRecoveryCodes': [{ words: 'auth totp renew-recovery-codes', destroys, ...ofTotp }],
  'auth.sessions.list': [
    { words: 'auth sessions list', columns: ['id', 'kind', 'device', 'address', 'lastUsedAt', 'current'] },
  ],
  'auth.sessions.revoke': [{ words: 'auth sessions revoke', destroys, present: page('auth.sessions.list') }],
  'auth.sessions.revokeOthers': [{ words: 'auth sessions revoke-others', destroys, ...ofSessions }],
  'auth.sessions.revokeAll': [{ words: 'auth sessions revoke-all', destroys, ...ofSessions }],
  'auth.keys.list': [{ words: 'keys list', columns: keyColumns }],
  'auth.keys.get': [{ words: 'keys get' }],
  'auth.keys.revoke': [{ words: 'keys revoke', destroys, present: one('auth.keys.get') }],
  'auth.users.list': [
    { words: 'users list', columns: ['id', 'username', 'email', 'role', 'createdAt', 'disabledAt'] },
  ],
  'auth.users.update': [
    { words: 'users update', without: ['disabled'], ...ofUser },
    { words: 'users disable', fixed: { disabled: true }, without: ['role'], destroys, ...ofUser },
    { words: 'users enable', fixed: { disabled: false }, without: ['role'], ...ofUser },
  ],
  'auth.users.removeTotp': [{ words: 'users remove-totp', destroys, ...ofUser }],
  'auth.users.invite': [{ words: 'users invite' }],
  'auth.users.invitation': [{ words: 'users invitation' }],
  'auth.users.keys.list': [{ words: 'users keys list', columns: keyColumns, accounts }],
  'auth.users.keys.revoke': [
    {
      words: 'users keys revoke',
      destroys,
      accounts,
      present: page('auth.users.keys.list', ['id'], 'keyId'),
    },
  ],
  'books.list': [{ words: 'books list', columns: bookColumns }],
  'books.get': [{ words: 'books get' }],
  'books.create': [{ words: 'books create' }],
  'books.update': [{ words: 'books update', ...ofBook }],
  'books.delete': [{ words: 'books delete', destroys, ...ofBook }],
  'books.publish': [{ words: 'books publish', ...ofBook }],
  'books.withdraw': [{ words: 'books withdraw', destroys, ...ofBook }],
  'books.authors.list': [
    { words: 'authors list', columns: ['id', 'name', 'sortName', 'orcid', 'bookCount'] },
  ],
  'books.authors.get': [{ words: 'authors get' }],
  'books.authors.create': [{ words: 'authors create' }],
  'books.authors.update': [{ words: 'authors update', ...ofAuthor }],
  'books.authors.delete': [{ words: 'authors delete', destroys, ...ofAuthor }],
  'records.list': [{ words: 'records list', flags: { patientId: 'patient' }, columns: recordColumns }],
  'records.get': [{ words: 'records get' }],
  'records.byPatient': [{ words: 'records by-patient', columns: recordColumns }],
  'records.create': [{ words: 'records create', flags: { patientId: 'patient' } }],
  'records.amend': [{ words: 'records amend', ...ofRecord }],
  'records.history': [
    { words: 'records history', columns: ['version', 'date', 'kind', 'title', 'status', 'updatedAt'] },
  ],
  'records.patients.list': [
    {
      words: 'patients list',
      columns: ['id', 'mrn', 'familyName', 'givenName', 'birthDate', 'sex'],
    },
  ],
  'records.patients.get': [{ words: 'patients get' }],
  'records.patients.create': [{ words: 'patients create' }],
  'records.patients.update': [{ words: 'patients update', ...ofPatient }],
  'records.patients.linkAccount': [{ words: 'patients link-account', ...ofPatient }],
  'records.patients.unlinkAccount': [{ words: 'patients unlink-account', destroys, ...ofPatient }],
  'records.patients.access': [{ words: 'patients access' }],
}

/** Procedures whose commands are written by hand, since more is done than a call; and why. */
export const handMade: Readonly<Record<string, { readonly words: readonly string[]; readonly why: string }>> =
  {
    'auth.login': { words: ['login'], why: 'keeps the token, and asks for the second factor' },
    'auth.loginSession': { words: ['login'], why: 'its cookie is for browsers; a command line has a token' },
    'auth.logout': { words: ['logout'], why: 'forgets the token that is kept' },
    'auth.me': { words: ['whoami'], why: 'says where the token comes from, too' },
    'auth.keys.create': { words: ['keys create'], why: 'the key alone goes to standard output' },
    'books.stream': { words: ['books list', 'books export'], why: 'a list without --limit; a file' },
    'books.import': { words: ['books import'], why: 'reads, maps and sends files in parts' },
    'records.stream': { words: ['records list', 'records export'], why: 'a list without --limit; a file' },
    'records.import': { words: ['records import'], why: 'reads, maps and sends files in parts' },
    'records.patients.import': { words: ['patients import'], why: 'reads, maps and sends files in parts' },
    'audit.list': { words: ['audit list'], why: 'takes names of accounts and days' },
    'audit.stream': {
      words: ['audit list', 'audit export'],
      why: 'takes names of accounts and days; a file',
    },
    'audit.verify': { words: ['audit verify'], why: 'ends with 1 when the trail is broken' },
  }

/** Commands that are of no procedure; and why. */
export const ownFlows: Readonly<Record<string, string>> = {
  apply: 'carries out a plan: one call a row',
  'books update-many': 'one call a row of a file',
  'patients update-many': 'one call a row of a file',
  'records update-many': 'one call a row of a file',
  'patients export': 'a file of the whole list, which has no stream',
  completion: 'writes a script',
  'config get': 'is about this machine',
  'config list': 'is about this machine',
  'config profiles': 'is about this machine',
  'config set': 'is about this machine',
  'config unset': 'is about this machine',
  doctor: 'looks over the server and this machine',
  explain: 'puts the audit trail and the catalogue of errors together',
  man: 'writes the manual page',
}
