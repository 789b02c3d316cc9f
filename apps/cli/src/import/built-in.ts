import type { Mapping, Rule } from './mapping.ts'

const from = (columns: string, transform = 'text'): Rule => ({ columns: columns.split('+'), transform })

/** Mappings of tables that many have. */
export const builtInMappings: Readonly<Record<string, Mapping>> = {
  /** zygmuntz/goodbooks-10k, books.csv */
  goodbooks: {
    source: 'goodbooks-10k',
    fields: {
      externalId: from('book_id'),
      title: from('title'),
      isbn13: from('isbn', 'isbn'),
      language: from('language_code', 'language'),
      publishedOn: from('original_publication_year', 'year'),
      contributors: from('authors', 'authors'),
    },
  },
  /** Project Gutenberg's catalogue by way of gutenbergr: a row per author of a work. */
  gutenberg: {
    source: 'gutenberg',
    isGrouped: true,
    fields: {
      externalId: from('gutenberg_id'),
      title: from('title', 'first-line'),
      subtitle: from('title', 'other-lines'),
      language: from('language', 'language'),
      subjects: from('lcsh', 'list'),
      contributors: from('author+gutenberg_author_id', 'filed-author'),
    },
  },
  /** Tables of a Synthea export. */
  'synthea-patients': {
    source: 'synthea',
    fields: {
      externalId: from('id'),
      mrn: from('mrn'),
      givenName: from('given'),
      familyName: from('family'),
      birthDate: from('birth_date', 'day'),
      sex: from('gender'),
    },
  },
  'synthea-encounters': {
    source: 'synthea',
    fields: {
      externalId: from('id'),
      patient: from('patient_id'),
      date: from('start', 'day'),
      kind: { constant: 'encounter' },
      title: from('type_display'),
      code: from('type_system+type_code+type_display', 'code'),
      clinician: from('practitioner'),
    },
  },
  'synthea-conditions': {
    source: 'synthea',
    fields: {
      externalId: from('id'),
      patient: from('patient_id'),
      date: from('onset', 'day'),
      kind: { constant: 'condition' },
      title: from('display'),
      code: from('code_system+code+display', 'code'),
    },
  },
}
