import type { AuditService } from './audit/service.ts'
import type { AuthService } from './auth/service.ts'
import type { AuthorService, BookService } from './books/service.ts'
import type { Caller } from './caller.ts'
import type { PatientService, RecordService } from './records/service.ts'

/** What every procedure works with; the services know their caller. */
export type Context = {
  readonly caller: Caller
  /** Where the service is reached from outside, without a trailing slash. */
  readonly publicUrl: string
  readonly auth: AuthService
  readonly books: BookService
  readonly authors: AuthorService
  readonly patients: PatientService
  readonly records: RecordService
  readonly audit: AuditService
  readonly cookie: SessionCookie
  /** Why it cannot be said who calls, or how; the call fails with it. */
  readonly refused?: unknown
}

/** The session cookie of the answer. */
export type SessionCookie = {
  /** The page of another site calls: a cookie that it set would log somebody in as somebody else. */
  readonly isCrossSite: boolean
  set(token: string, expiresAt: Date): void
  clear(): void
}
