export type {
  IdempotencyKey,
  Precondition,
  Problem,
  ProcedureMeta,
  RestExample,
  RestMeta,
  RestMethod,
} from './meta.ts'
export { buildOpenApi, operationsOf, type OpenApiOptions, type RestOperation } from './openapi.ts'
export type { DeclaredFailure } from './openapi-responses.ts'
export type { CodeSample, SampleCall } from './openapi-samples.ts'
export { leastPace, pacedText, type Pace } from './paced-text.ts'
export { restRoutes, type RestOptions } from './plugin.ts'
export { defaultProblemOf, requestErrorOf, sendProblem, type ProblemOf } from './problems.ts'
export { RequestError } from './request-error.ts'
export { requestId } from './request-id.ts'
export type { RestCall } from './routes.ts'
export type { StoredAnswers } from './stored-answers.ts'
export { createStreamSlots, type ListReader, type StreamSlots } from './stream-slots.ts'
