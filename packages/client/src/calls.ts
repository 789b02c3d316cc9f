import type { CallOptions } from './contract.generated.ts'

/** Makes a call: `path` is the procedure's name, such as `books.list`. */
export type Call = (
  path: string,
  kind: 'query' | 'mutate',
  args: { readonly input: unknown; readonly options: CallOptions },
) => Promise<unknown>

/**
 * Makes the object whose properties are the procedures' names: `calls.books.list.query(input, options)`. It knows
 * no names; the types do.
 */
export function callsOf(call: Call, path: readonly string[] = []): unknown {
  return new Proxy(() => undefined, {
    get: (_, name) =>
      // An object that has a `then` would be called by `await`.
      typeof name !== 'string' || name === 'then' ? undefined : callsOf(call, [...path, name]),
    apply: (_, __, [input, options = {}]: [unknown, CallOptions?]) => {
      const kind = path.at(-1)
      if (kind !== 'query' && kind !== 'mutate') throw new TypeError('use .query() or .mutate()')
      return call(path.slice(0, -1).join('.'), kind, { input, options })
    },
  })
}
