import pg from 'pg'

/** A connection keeps what is prepared on it, so there must not be too many. */
const maxNames = 200
const names = new Map<string, string>()
const reads = new Map<string, string>()

/** Lets a statement be prepared by name wherever it is run from now on; beyond 200 texts it stays as it is. */
export function nameStatement(text: string): void {
  if (names.has(text) || names.size >= maxNames) return
  names.set(text, `casebook_${names.size}`)
}

/** Names a statement that changes nothing and is short, so that it may share a connection with others: see `Pipeline`. */
export function nameRead(text: string): void {
  nameStatement(text)
  const name = names.get(text)
  if (name !== undefined) reads.set(text, name)
}

/** Gives the name of a statement that `nameRead` has named. */
export function readNameOf(text: string): string | undefined {
  return reads.get(text)
}

/** Connections that prepare the statements that have a name, until `stop`: behind a pooler that is of no use. */
export type NamingClients = { readonly Client: typeof pg.Client; readonly stop: () => void }

export function createNamingClients(): NamingClients {
  let isOn = true
  class NamingClient extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config)
      const query = this.query.bind(this) as (...args: unknown[]) => unknown
      Object.assign(this, { query: (...args: unknown[]) => query(...(isOn ? withName(args) : args)) })
    }
  }
  return { Client: NamingClient, stop: () => void (isOn = false) }
}

/** Of pg's many ways to call `query`, only text with values is looked at, which is kysely's; the others pass. */
function withName(args: unknown[]): unknown[] {
  const [text, values, ...rest] = args
  const name = typeof text === 'string' && Array.isArray(values) ? names.get(text) : undefined
  return name === undefined ? args : [{ name, text, values }, ...rest]
}
