import type { Caller, Context } from '@casebook/api'
import { createAuditService } from './audit/service.ts'
import { createAuthService } from './auth/service.ts'
import { createAuthorService } from './books/author-service.ts'
import { createBookService } from './books/service.ts'
import type { Deps } from './deps.ts'
import { createPatientService } from './records/patient-service.ts'
import { createRecordService } from './records/service.ts'

export type Services = Pick<Context, 'auth' | 'books' | 'authors' | 'patients' | 'records' | 'audit'>

/** Makes the services of one caller; each when it is first used. */
export function createServices(deps: Deps, caller: Caller): Services {
  return {
    get auth() {
      return createAuthService(deps, caller)
    },
    get books() {
      return createBookService(deps, caller)
    },
    get authors() {
      return createAuthorService(deps, caller)
    },
    get patients() {
      return createPatientService(deps, caller)
    },
    get records() {
      return createRecordService(deps, caller)
    },
    get audit() {
      return createAuditService(deps, caller)
    },
  }
}
