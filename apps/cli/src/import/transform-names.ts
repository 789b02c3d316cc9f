/** Ways in which cells become values, by the names that `--map` knows, and what each does. */
export const transformNames = {
  text: 'the cell as it is (default)',
  'first-line': 'its first line',
  'other-lines': 'its other lines, as one',
  day: 'the day of an instant',
  year: 'the first day of a year',
  list: 'entries between semicolons',
  language: 'a language tag',
  authors: 'names between commas',
  'filed-author': 'a name as catalogues file it: Osler, William, Sir',
  code: 'system+code+display of a concept',
  isbn: 'an ISBN; lost leading zeros are put back',
} as const
export type TransformName = keyof typeof transformNames
