import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** What an imported record's patient is called where it comes from; `generateRecords` names them so. */
export const importSource = 'bench'

/** A record as an import takes it. */
export type RecordRow = {
  readonly externalId: string
  readonly patient: string
  readonly date: string
  readonly kind: string
  readonly title: string
  readonly code: { readonly system: string; readonly code: string; readonly display: string }
  readonly notes?: string
  readonly clinician: string
}

/** Makes the row of a number: the same for the same. */
export function recordRow(number: number, patients: number): RecordRow {
  const day = new Date(Date.UTC(2016, 0, 1 + ((number * 7919) % 3650)))
  const code = 38_341_000 + (number % 40)
  return {
    externalId: `imported-${number}`,
    patient: `patient-${(number * 31) % patients}`,
    date: day.toISOString().slice(0, 10),
    kind: number % 2 === 0 ? 'encounter' : 'condition',
    title: `Finding number ${code}`,
    code: {
      system: 'http://snomed.info/sct',
      code: String(code),
      display: `Finding number ${code} (disorder)`,
    },
    ...(number % 3 === 0
      ? { notes: 'Vital signs stable. Denies fever, cough or chest pain. Follow-up in two weeks.' }
      : {}),
    clinician: `Dr. Amara Osei ${number % 4}`,
  }
}

/** Writes rows as a CSV file that `casebook records import` reads. */
export async function writeRecordsCsv(
  file: string,
  { records, patients }: { records: number; patients: number },
) {
  const out = createWriteStream(file)
  out.write('externalId,patient,date,kind,title,code,notes,clinician\n')
  for (let number = 0; number < records; number += 1) {
    const { code, notes = '', ...row } = recordRow(number, patients)
    const cells = [
      row.externalId,
      row.patient,
      row.date,
      row.kind,
      row.title,
      JSON.stringify(code),
      notes,
      row.clinician,
    ]
    const line = cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
    if (!out.write(`${line}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}
