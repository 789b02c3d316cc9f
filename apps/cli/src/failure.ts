/** A failure of the command line itself: what is the matter, how it ends, and a command that helps. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number
  readonly hint: string | undefined

  constructor(message: string, exitCode: number, hint?: string) {
    super(message)
    this.exitCode = exitCode
    this.hint = hint
  }
}

/** The problem of a command that failed by itself (RFC 9457). */
export function commandProblem(detail: string, exitCode: number, hint?: string): object {
  return { type: 'about:blank', title: 'command failed', detail, exitCode, hint }
}
