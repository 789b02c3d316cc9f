export { createCasebookClient, type CasebookClient, type CasebookClientOptions } from './client.ts'
export {
  CasebookError,
  isCasebookError,
  type CasebookErrorInit,
  type ClientErrorCode,
  type ClientErrorReason,
} from './errors.ts'
export type { AppRouter } from '@casebook/api'
