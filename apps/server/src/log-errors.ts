/** Names under which PostgreSQL says where an error is; none of them holds a value. */
const places = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'] as const

/** Classes of SQLSTATE whose messages are of the server itself, and hold nothing of a row or a parameter. */
const harmlessStates = /^(08|53|55|57|58|40|25|28|3D)/

/** Errors whose messages are of the language or the machine. */
const harmlessNames = new Set(['TypeError', 'ReferenceError', 'EngineError', 'AssertionError'])

/**
 * Tells of an error what may stand in a log: its kind, where it is in code and database, and its message only where
 * that can't repeat what somebody wrote. «Failing row contains (…)» has a diagnosis in it, and what JSON.parse did not
 * understand may be a password.
 */
export function describeForLog(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const known: Partial<Record<string, unknown>> = Object.fromEntries(Object.entries(error))
  const told = places.flatMap((name) =>
    typeof known[name] === 'string' ? [[name, known[name]] as const] : [],
  )
  return {
    type: error.name,
    ...(isHarmless(error, known['code']) ? { message: error.message } : {}),
    ...Object.fromEntries(told),
    stack: framesOf(error),
    ...(error.cause === undefined ? {} : { cause: describeForLog(error.cause) }),
  }
}

function isHarmless(error: Error, code: unknown): boolean {
  if ('input' in error) return false
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return harmlessStates.test(code)
  return harmlessNames.has(error.name) || 'syscall' in error
}

/** The places of a stack, without the message that it begins with, whatever that looks like. */
function framesOf({ stack = '', message }: Error): string {
  const start = stack.indexOf(message)
  const lines = stack.slice(start === -1 ? 0 : start + message.length).split('\n')
  return lines
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n')
}
