/** User names of the sample accounts; each has the password `<name>-of-casebook`, and its name as its role. */
export const sampleAccounts = ['admin', 'editor', 'author', 'clinician', 'reader'] as const
