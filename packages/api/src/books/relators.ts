/**
 * Roles of contributors: terms of the MARC code list for relators, in lower case.
 * Source: Library of Congress, MARC Code List for Relators.
 */
export const relators = [
  'author',
  'editor',
  'translator',
  'illustrator',
  'compiler',
  'contributor',
  'annotator',
  'author of introduction, etc.',
  'author of afterword, colophon, etc.',
  'commentator',
  'cover designer',
  'creator',
  'honoree',
  'narrator',
  'other',
  'photographer',
  'publisher',
  'redaktor',
  'reviewer',
  'transcriber',
  'writer of preface',
] as const
