/** The database cannot be had; `message` is one sentence for the operator, with what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
}
