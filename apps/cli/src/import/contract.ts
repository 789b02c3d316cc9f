/** The contract at run time, which only imports load: it is what rows are checked by before they are sent. */
export const books = () => import('@casebook/api/books')
export const records = () => import('@casebook/api/records')
