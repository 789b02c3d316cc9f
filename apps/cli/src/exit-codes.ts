/** What a script can tell from how `casebook` ended; failed calls end as the catalogue of errors says. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  cancelled: 3,
  credentials: 4,
  notFound: 5,
  conflict: 6,
  partly: 7,
  unavailable: 8,
  interrupted: 130,
} as const
