import { DomainError, idOf, newId, uuidOf, type Caller, type PatientId } from '@casebook/api'
import type { PatientService } from '@casebook/api/records'
import { patientKeyset, violatedConstraint, type PatientKeyset, type TxStores } from '@casebook/db'
import { createAuditor, describeFilters } from '../audit/entries.ts'
import type { Deps } from '../deps.ts'
import { assertFresh } from '../fresh.ts'
import { once } from '../once.ts'
import { readPage } from '../pages.ts'
import { readAccesses } from './accesses.ts'
import { importPatients } from './import.ts'
import { recordScope } from './policy.ts'

/** Patients, as one caller may see and change them. */
export function createPatientService({ database, cursors }: Deps, caller: Caller): PatientService {
  const { audited } = createAuditor(database, caller)

  const lock = async (tx: TxStores, id: PatientId) => {
    const locked = await tx.patientWriter.lock(id)
    if (locked === null) throw new DomainError('not-found')
    assertFresh(caller, locked.patient)
    return locked
  }

  return {
    list: ({ limit, cursor, ...filters }) =>
      audited(
        { action: 'records.patients.list', detail: describeFilters({ ...filters, limit }) },
        (tx) =>
          readPage(
            cursors,
            { limit, cursor },
            {
              key: { list: 'records.patients.list', filters },
              fetch: (after: PatientKeyset | undefined, count) =>
                tx.patients(recordScope(caller)).list({ ...filters, limit: count, after }),
              keysetOf: patientKeyset,
            },
          ),
        (page) => ({ count: page.items.length }),
      ),

    get: ({ id }) =>
      audited(
        { action: 'records.patients.get', resource: id, patientId: id },
        async (tx) => {
          const patient = await tx.patients(recordScope(caller)).get(id)
          if (patient === null) throw new DomainError('not-found')
          return patient
        },
        () => ({}),
      ),

    create: (input) =>
      namingTaken(() =>
        audited(
          { action: 'records.patients.create' },
          (tx) =>
            once(tx, { caller, operation: 'records.patients.create' }, () =>
              tx.patientWriter.insert({ ...input, id: newId('patient') }),
            ),
          (patient) => ({ resource: patient.id, patientId: patient.id }),
        ),
      ),

    update: ({ id, version, ...change }) =>
      namingTaken(() =>
        audited(
          {
            action: 'records.patients.update',
            resource: id,
            patientId: id,
            detail: Object.keys(change).join(' '),
          },
          async (tx) => {
            const { patient } = await lock(tx, id)
            assertFresh(caller, patient, version)
            return tx.patientWriter.update(id, change)
          },
          () => ({}),
        ),
      ),

    async linkAccount({ id, username }) {
      const { account } = await namingTaken(() =>
        audited(
          { action: 'records.patients.linkAccount', resource: id, patientId: id },
          async (tx) => {
            const { accountId } = await lock(tx, id)
            const user = await tx.users.findNamed(username)
            if (user === null) throw noSuchAccount()
            await tx.patientWriter.setAccount(id, user.id)
            return { account: user, former: accountId === null ? null : idOf('user', accountId) }
          },
          ({ account: { id: linked }, former }) => ({
            detail: former === null || former === linked ? linked : `${linked} instead of ${former}`,
          }),
        ),
      )
      return { patientId: id, account: { id: account.id, username: account.username } }
    },

    unlinkAccount: ({ id, username }) =>
      audited(
        { action: 'records.patients.unlinkAccount', resource: id, patientId: id },
        async (tx) => {
          const { accountId } = await lock(tx, id)
          const named = username === undefined ? null : await tx.users.findByLogin(username)
          const isOther = username !== undefined && (named === null || uuidOf(named.user.id) !== accountId)
          if (accountId === null || isOther)
            throw new DomainError('not-found', { detail: 'This patient has no such account.' })
          await tx.patientWriter.setAccount(id, null)
          return null
        },
        () => ({}),
      ),

    access: (input) =>
      audited(
        { action: 'records.patients.access', resource: input.id, patientId: input.id },
        (tx) => readAccesses(tx, { cursors, caller }, input),
        (page) => ({ count: page.items.length }),
      ),

    import: (input) => importPatients(database, caller, input),
  }
}

function noSuchAccount(): DomainError {
  const detail =
    'There is no account of this user name, and none whose verified address this is. Use the user name, or let the address be verified first.'
  return new DomainError('not-found', { detail })
}

async function namingTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'patient_mrn_key':
        throw new DomainError('mrn-taken', { cause: error, errors: [{ path: 'mrn', message: 'is taken' }] })
      case 'patient_account_key':
        throw new DomainError('account-linked', { cause: error })
      default:
        throw error
    }
  }
}
