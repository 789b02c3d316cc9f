/** Name of the migrated database that each test's own is copied from. */
export const templateName = 'casebook_template'
