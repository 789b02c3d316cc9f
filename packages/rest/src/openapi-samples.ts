import type { RestProcedure } from './walk.ts'

/** A call of an example, ready to be written in some language. */
export type SampleCall = {
  readonly name: string
  readonly type: 'query' | 'mutation'
  readonly input: unknown
  readonly needsCredential: boolean
}

/** A piece of code that makes a call; documents show it (`x-codeSamples`). */
export type CodeSample = { readonly lang: string; readonly label: string; readonly source: string }

export type SampleOptions = {
  /** Where the server is. */
  readonly url: string
  /** Name of the environment variable that holds the bearer token. */
  readonly tokenVariable: string
  readonly needsCredential: boolean
  /** Samples in other languages. */
  readonly samplesOf?: ((call: SampleCall) => readonly CodeSample[]) | undefined
}

/** Writes an operation's first example as code: for curl, and for what else is asked. */
export function samplesOf(procedure: RestProcedure, options: SampleOptions): CodeSample[] {
  const { name, type, meta } = procedure
  const example = meta.examples?.[0]
  if (example === undefined) return []
  const { input } = example
  const { needsCredential } = options
  const others = options.samplesOf?.({ name, type, input, needsCredential }) ?? []
  return [{ lang: 'Shell', label: 'curl', source: curlOf(procedure, input, options) }, ...others]
}

function curlOf({ rest, pathFields }: RestProcedure, input: unknown, options: SampleOptions): string {
  const fields = (input ?? {}) as Readonly<Record<string, unknown>>
  const path = rest.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(fields[name])),
  )
  const others = Object.entries(fields).filter(([name]) => !pathFields.includes(name))
  const takesBody = rest.method !== 'GET' && rest.method !== 'DELETE'
  const query = new URLSearchParams()
  if (!takesBody) for (const [name, value] of others) query.set(name, String(value))
  const search = query.size === 0 ? '' : `?${query.toString()}`
  const hasBody = takesBody && others.length > 0
  return [
    `curl -sS ${rest.method === 'GET' ? '' : `-X ${rest.method} `}${quoted(options.url + path + search)}`,
    ...(options.needsCredential ? [`-H "authorization: Bearer $${options.tokenVariable}"`] : []),
    ...(hasBody ? [`-H 'content-type: application/json'`] : []),
    ...(hasBody ? [`-d ${quoted(JSON.stringify(Object.fromEntries(others)))}`] : []),
  ].join(' \\\n  ')
}

/** Quotes a text for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
