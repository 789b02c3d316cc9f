import { createCasebookClient, isCasebookError } from '@casebook/client'

const casebook = createCasebookClient({ url: process.env['CASEBOOK_URL'] ?? 'http://127.0.0.1:3000' })

const { items } = await casebook.books.list.query({ sort: 'title', limit: 3 })
for (const book of items) console.log(book.title, '·', book.contributors[0]?.author.name)

try {
  await casebook.records.list.query({ year: 2024 })
} catch (error) {
  if (isCasebookError(error) && error.code === 'UNAUTHORIZED') console.log('Log in first:', error.reason)
  else throw error
}
