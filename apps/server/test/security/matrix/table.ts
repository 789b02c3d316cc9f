import { newId } from '@casebook/api'
import { ending, entry, type Entry } from './entry.ts'

// One line says who may do what. A procedure that is not here fails the run, and so does a line without a procedure.
// The words are in the order of `actors`:
//   nobody reader author otherAuthor editor clinician admin linked otherLinked disabled

/** Whoever has no account, too; a token that is no longer good is refused even where none is needed. */
const everybody = 'ok ok ok ok ok ok ok ok ok 401'
const accounts = '401 ok ok ok ok ok ok ok ok 401'
const admins = '401 403 403 403 403 403 ok 403 403 401'
const writers = '401 403 ok ok ok 403 ok 403 403 401'
const editors = '401 403 403 403 ok 403 ok 403 403 401'
const clinicians = '401 403 403 403 403 ok ok 403 403 401'
/** All records, or one's own. */
const readers = '401 403 403 403 403 ok ok ok ok 401'
/** The record of the patient to whom `linked` is linked; `otherLinked` is linked to another one. */
const ofPatient = '401 403 403 403 403 ok ok ok 404 401'
const listOfPatient = '401 403 403 403 403 ok ok ok none 401'
const nothingThere = '401 403 403 403 403 404 404 404 404 401'
const noClinicianFinds = '401 403 403 403 403 404 404 403 403 401'
const noneListed = '401 403 403 403 403 none none none none 401'
/** What authors see of their own, and editors of all. */
const ofAuthor = 'none none ok none ok none ok none none 401'
const seenByAuthor = '404 404 ok 404 ok 404 ok 404 404 401'
const draftOfAuthor = '401 403 ok 404 ok 403 ok 403 403 401'
const publishedOfAuthor = '401 403 403 403 ok 403 ok 403 403 401'

const all = (word: string, nobody = word) => [nobody, ...Array<string>(8).fill(word), '401'].join(' ')

/** Whoever comes with a credential that does not count any more is as nobody. */
const whoever = (word: string) => Array<string>(10).fill(word).join(' ')

const notThereForAdmins = '401 403 403 403 403 403 404 403 403 401'
const noneForAdmins = '401 403 403 403 403 403 none 403 403 401'
const wrongPassword = { currentPassword: 'not it', code: '123456' }

const credentialEntries: readonly Entry[] = [
  entry('auth.email', accounts, () => undefined),
  entry('auth.requestEmailVerification', accounts, () => undefined),
  entry('auth.verifyEmail', whoever('invalid-verification-key')),
  entry('auth.totp.get', accounts, () => undefined),
  entry('auth.totp.enroll', all('wrong-password', '401'), () => ({ currentPassword: 'not it' })),
  entry('auth.totp.confirm', all('totp-not-enrolled', '401'), () => ({ code: '123456' })),
  entry('auth.totp.disable', all('totp-not-enrolled', '401'), () => wrongPassword),
  entry('auth.totp.renewRecoveryCodes', all('totp-not-enrolled', '401'), () => wrongPassword),
  ending(entry('auth.sessions.revokeOthers', accounts, () => undefined)),
  entry('auth.keys.list', all('none', '401'), () => ({})),
  entry(['auth.keys.get', 'not there'], all('404', '401'), () => ({ id: newId('key') })),
  entry('auth.keys.create', accounts, (w) => ({ name: w.word() })),
  entry(['auth.keys.revoke', 'not there'], all('404', '401'), () => ({ id: newId('key') })),
  entry(['auth.users.removeTotp', 'none there'], notThereForAdmins, () => ({ id: newId('user') })),
  entry('auth.users.keys.list', noneForAdmins, async (w) => ({ id: (await w.account()).id })),
  entry(['auth.users.keys.revoke', 'not there'], notThereForAdmins, async (w) => ({
    id: (await w.account()).id,
    keyId: newId('key'),
  })),
]

const accountEntries: readonly Entry[] = [
  entry('auth.register', whoever('ok'), (w) => w.newcomer()),
  entry('auth.login', whoever('ok'), async (w) => w.credentialsOf(await w.account())),
  entry('auth.loginSession', whoever('ok'), async (w) => w.credentialsOf(await w.account())),
  ending(entry('auth.logout', 'no-session ok ok ok ok ok ok ok ok 401', () => undefined)),
  entry('auth.me', accounts),
  entry('auth.updateMe', accounts, (w) => ({ email: `${w.word()}@example.com` })),
  entry('auth.requestPasswordReset', whoever('ok'), async (w) => ({ email: (await w.account()).email })),
  entry('auth.resetPassword', whoever('invalid-reset-key')),
  entry('auth.changePassword', all('wrong-password', '401'), (w) => w.wrongPassword),
  entry('auth.sessions.list', accounts, () => ({})),
  ending(
    entry(['auth.sessions.revoke', 'a session of their own'], accounts, (w, actor) => w.sessionOf(actor)),
  ),
  entry(['auth.sessions.revoke', 'a session of another'], all('404', '401'), (w) => w.sessionOfSomebody()),
  ending(entry('auth.sessions.revokeAll', accounts, () => undefined)),
  entry('auth.users.list', admins, () => ({})),
  entry('auth.users.update', admins, async (w) => ({ id: (await w.account()).id, disabled: true })),
  entry('auth.users.invite', admins, (w) => ({ email: `${w.word()}@example.com`, role: 'editor' })),
  entry('auth.users.invitation', admins, (w) => ({ id: w.ids.invitation })),
]

const bookEntries: readonly Entry[] = [
  entry(['books.list', 'published'], everybody, () => ({})),
  entry(['books.list', 'drafts of the author'], ofAuthor, () => ({ status: 'draft' })),
  entry(['books.stream', 'published'], everybody, () => ({})),
  entry(['books.stream', 'drafts of the author'], ofAuthor, () => ({ status: 'draft' })),
  entry(['books.get', 'published'], everybody, (w) => ({ id: w.ids.published })),
  entry(['books.get', 'a draft of the author'], seenByAuthor, (w) => ({ id: w.ids.draft })),
  entry('books.create', writers, (w) => ({ title: w.word() })),
  entry(['books.update', 'a draft of the author'], draftOfAuthor, async (w) => ({
    id: await w.draft(),
    title: w.word(),
  })),
  entry(['books.update', 'published, of the author'], publishedOfAuthor, (w) => ({
    id: w.ids.published,
    title: w.word(),
  })),
  entry(['books.delete', 'a draft of the author'], draftOfAuthor, async (w) => ({ id: await w.draft() })),
  entry(
    ['books.delete', 'published, of the author'],
    '401 403 403 403 book-not-draft 403 book-not-draft 403 403 401',
    (w) => ({ id: w.ids.published }),
  ),
  entry('books.publish', editors, async (w) => ({ id: await w.draft() })),
  entry('books.withdraw', editors, async (w) => ({ id: await w.draft() })),
  entry('books.import', editors, (w) => ({
    source: 'matrix',
    rows: [{ externalId: w.word(), title: w.word() }],
  })),
  entry('books.authors.list', everybody, () => ({})),
  entry('books.authors.get', everybody),
  entry('books.authors.create', writers, (w) => ({ name: w.word() })),
  entry('books.authors.update', editors, async (w) => ({ id: await w.author(), name: w.word() })),
  entry('books.authors.delete', editors, async (w) => ({ id: await w.author() })),
]

const note = { date: '2024-01-02', kind: 'note' }
const person = { givenName: 'Ida', familyName: 'Lind', birthDate: '1970-01-02', sex: 'female' }

const recordEntries: readonly Entry[] = [
  entry(['records.list', 'whatever is seen'], readers, () => ({})),
  entry(['records.list', 'of the patient'], listOfPatient, (w) => ({ patientId: w.ids.patient })),
  entry(['records.list', 'of nobody'], noneListed, (w) => ({ patientId: w.ids.noPatient })),
  entry(['records.stream', 'whatever is seen'], readers, () => ({})),
  entry(['records.stream', 'of the patient'], listOfPatient, (w) => ({ patientId: w.ids.patient })),
  entry(['records.get', 'of the patient'], ofPatient, (w) => ({ id: w.ids.record })),
  entry(['records.get', 'not there'], nothingThere, (w) => ({ id: w.ids.noRecord })),
  entry(['records.byPatient', 'of the patient'], listOfPatient, (w) => ({ patientId: w.ids.patient })),
  entry(['records.byPatient', 'of nobody'], noneListed, (w) => ({ patientId: w.ids.noPatient })),
  entry('records.create', clinicians, (w) => ({ patientId: w.ids.patient, ...note, title: w.word() })),
  entry(['records.amend', 'of the patient'], clinicians, (w) => ({ id: w.ids.record, title: w.word() })),
  entry(['records.amend', 'not there'], noClinicianFinds, (w) => ({ id: w.ids.noRecord, title: w.word() })),
  entry(['records.history', 'of the patient'], ofPatient, (w) => ({ id: w.ids.record })),
  entry(['records.history', 'not there'], nothingThere, (w) => ({ id: w.ids.noRecord })),
  entry('records.import', clinicians, (w) => ({
    source: 'matrix',
    rows: [{ externalId: w.word(), patient: 'nobody', ...note, title: w.word() }],
  })),
  entry('records.patients.list', clinicians, () => ({})),
  entry(['records.patients.get', 'the patient'], clinicians, (w) => ({ id: w.ids.patient })),
  entry(['records.patients.get', 'not there'], noClinicianFinds, (w) => ({ id: w.ids.noPatient })),
  entry('records.patients.create', clinicians, () => person),
  entry('records.patients.update', clinicians, (w) => ({ id: w.ids.patient, familyName: w.word() })),
  entry('records.patients.linkAccount', clinicians, async (w) => ({
    id: await w.patient(),
    username: (await w.account()).username,
  })),
  entry('records.patients.unlinkAccount', clinicians, async (w) => ({ id: await w.linkedPatient() })),
  entry(['records.patients.access', 'the patient'], '401 403 403 403 403 403 ok ok 404 401', (w) => ({
    id: w.ids.patient,
  })),
  entry(['records.patients.access', 'not there'], '401 403 403 403 403 403 404 404 404 401', (w) => ({
    id: w.ids.noPatient,
  })),
  entry('records.patients.import', clinicians, (w) => ({
    source: 'matrix',
    rows: [{ externalId: w.word(), ...person }],
  })),
]

const auditEntries: readonly Entry[] = [
  entry('audit.list', admins, () => ({})),
  entry('audit.stream', admins, () => ({ action: 'auth.users.invite' })),
  entry('audit.verify', admins, () => undefined),
]

/** Who may do what, on whose object: every procedure of the contract. */
export const table: readonly Entry[] = [
  ...accountEntries,
  ...credentialEntries,
  ...bookEntries,
  ...recordEntries,
  ...auditEntries,
]
