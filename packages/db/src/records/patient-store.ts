import { idOf, uuidOf, type PatientId, type UserId } from '@casebook/api'
import type { CreatePatientInput, Patient, Sex, UpdatePatientInput } from '@casebook/api/records'
import { sql, type Expression, type SqlBool } from 'kysely'
import { containsPattern, isAfter, wordsOf } from '../keyset.ts'
import type { Executor, Tx } from '../schema.ts'
import { all, siftList } from '../sift.ts'
import type { RecordScope } from './store.ts'

const columns = [
  'id',
  'mrn',
  'given_name',
  'family_name',
  'birth_date',
  'sex',
  'created_at',
  'updated_at',
  'version',
] as const

export type PatientKeyset = readonly [familyName: string, givenName: string, id: string]
export type PatientListing = {
  readonly q?: string | undefined
  readonly mrn?: string | undefined
  readonly birthDate?: string | undefined
  readonly limit: number
  readonly after?: PatientKeyset | undefined
}

/** Patients within a scope; there is no query without one. */
export function createPatientStore(db: Executor, scope: RecordScope) {
  const scoped = () => {
    const query = db.selectFrom('patient').select(columns)
    return scope.kind === 'all' ? query : query.where('id', '=', uuidOf(scope.patientId))
  }

  return {
    async get(id: PatientId): Promise<Patient | null> {
      const row = await scoped().where('id', '=', uuidOf(id)).executeTakeFirst()
      return row === undefined ? null : toPatient(row)
    },

    /** Lists patients by family and given name. */
    async list({ q, mrn, birthDate, limit, after }: PatientListing): Promise<Patient[]> {
      const bounds: Expression<SqlBool>[] = []
      if (scope.kind === 'patient') bounds.push(sql`id = ${uuidOf(scope.patientId)}`)
      if (mrn !== undefined) bounds.push(sql`mrn = ${mrn}`)
      if (birthDate !== undefined) bounds.push(sql`birth_date = ${birthDate}::date`)
      if (after !== undefined) bounds.push(isAfter(keys, after, 'asc'))
      const sieve = wordsOf(q).map(isNamed)
      const { from, where } =
        sieve.length === 0
          ? { from: sql`patient`, where: all(bounds) }
          : await siftList(
              db,
              { table: sql`patient`, alias: sql`patient`, bounds, sieve, keys, direction: 'asc' },
              limit,
            )
      const { rows } = await sql<PatientRow>`
        select ${sql.join(columns.map((column) => sql.ref(column)))} from ${from} where ${where}
        order by ${sql.join(keys)} limit ${limit}`.execute(db)
      return rows.map(toPatient)
    },
  }
}

const keys = [sql`family_name`, sql`given_name`, sql`id`]

/** The condition on a patient that a word is a part of a name or of the number. */
function isNamed(word: string): Expression<SqlBool> {
  const pattern = containsPattern(word)
  return sql`(family_name ilike ${pattern} or given_name ilike ${pattern} or mrn ilike ${pattern})`
}

/** Gives the sort key of a patient in the list. */
export function patientKeyset(patient: Patient): PatientKeyset {
  return [patient.familyName, patient.givenName, uuidOf(patient.id)]
}

/** Changes of patients, within a transaction. */
export function createPatientWriter(tx: Tx) {
  return {
    async lock(id: PatientId): Promise<{ patient: Patient; accountId: string | null } | null> {
      const row = await tx
        .selectFrom('patient')
        .select([...columns, 'account_id'])
        .where('id', '=', uuidOf(id))
        .forUpdate()
        .executeTakeFirst()
      return row === undefined ? null : { patient: toPatient(row), accountId: row.account_id }
    },

    async insert(patient: CreatePatientInput & { id: PatientId }): Promise<Patient> {
      const row = await tx
        .insertInto('patient')
        .values({
          id: uuidOf(patient.id),
          mrn: patient.mrn ?? null,
          given_name: patient.givenName,
          family_name: patient.familyName,
          birth_date: patient.birthDate,
          sex: patient.sex,
          created_at: sql`now()`,
          updated_at: sql`now()`,
          version: 1,
        })
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toPatient(row)
    },

    async update(id: PatientId, change: Omit<UpdatePatientInput, 'id' | 'version'>): Promise<Patient> {
      const row = await tx
        .updateTable('patient')
        .set({
          ...(change.mrn === undefined ? {} : { mrn: change.mrn }),
          ...(change.givenName === undefined ? {} : { given_name: change.givenName }),
          ...(change.familyName === undefined ? {} : { family_name: change.familyName }),
          ...(change.birthDate === undefined ? {} : { birth_date: change.birthDate }),
          ...(change.sex === undefined ? {} : { sex: change.sex }),
          updated_at: sql<string>`now()`,
          version: sql<number>`version + 1`,
        })
        .where('id', '=', uuidOf(id))
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toPatient(row)
    },

    async setAccount(id: PatientId, userId: UserId | null): Promise<void> {
      const account_id = userId === null ? null : uuidOf(userId)
      await tx.updateTable('patient').set({ account_id }).where('id', '=', uuidOf(id)).execute()
    },
  }
}

type PatientRow = {
  id: string
  mrn: string | null
  given_name: string
  family_name: string
  birth_date: string
  sex: Sex
  created_at: string
  updated_at: string
  version: number
}

function toPatient(row: PatientRow): Patient {
  return {
    id: idOf('patient', row.id),
    ...(row.mrn === null ? {} : { mrn: row.mrn }),
    givenName: row.given_name,
    familyName: row.family_name,
    birthDate: row.birth_date,
    sex: row.sex,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}
