import { auditRouter } from './audit/router.ts'
import { authRouter } from './auth/router.ts'
import { booksRouter } from './books/router.ts'
import { recordsRouter } from './records/router.ts'
import { router } from './trpc.ts'

/** The contract: everything that callers can call. */
export const appRouter = router({
  auth: authRouter,
  books: booksRouter,
  records: recordsRouter,
  audit: auditRouter,
})
export type AppRouter = typeof appRouter
