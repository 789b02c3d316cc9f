import type { Resource } from '../resources.ts'

/** The contract at run time, which only imports load: it is what rows are checked by before they are sent. */
export const books = () => import('@casebook/api/books')
const records = () => import('@casebook/api/records')

/** Gives the schema of a row of an import. */
export async function rowSchemaOf(resource: Resource['name']) {
  switch (resource) {
    case 'books':
      return (await books()).ImportBookRow
    case 'records':
      return (await records()).ImportRecordRow
    case 'patients':
      return (await records()).ImportPatientRow
  }
}

/** Gives the schema of a change. */
export async function updateSchemaOf(resource: Resource['name']) {
  switch (resource) {
    case 'books':
      return (await books()).UpdateBookInput
    case 'records':
      return (await records()).AmendRecordInput
    case 'patients':
      return (await records()).UpdatePatientInput
  }
}
