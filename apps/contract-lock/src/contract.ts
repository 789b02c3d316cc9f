/** Everything that callers can rely on, as the lock holds it. */
export type Contract = {
  readonly procedures: Readonly<Record<string, Procedure>>
  readonly operations: Readonly<Record<string, Operation>>
  readonly commands: Readonly<Record<string, CommandShape>>
  readonly errors: Readonly<Record<string, ErrorShape>>
}

export type Procedure = {
  readonly type: 'query' | 'mutation'
  /** `public`, `user`, roles, and `linked` for an account that is linked to a patient. */
  readonly access: readonly string[]
  readonly errors: readonly string[]
  readonly input: Fields
  readonly output: Fields
}

/** Fields by their paths: `contributors[].author.id`; the whole value has the path `.`. */
export type Fields = Readonly<Record<string, Field>>
export type Field = {
  /** JSON types, several with ` or ` between. */
  readonly type: string
  /** True when the field may be left out. */
  readonly optional?: true
  readonly values?: readonly unknown[]
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
}

/** A path and method of REST, with what does not follow from its procedure. */
export type Operation = {
  readonly procedures: readonly string[]
  readonly parameters: readonly string[]
  readonly success: number
  /** Status of each reason for a failure. */
  readonly failures: Readonly<Record<string, number>>
  readonly types: readonly string[]
}

export type CommandShape = {
  /** `<id>` is needed, `[name]` is not. */
  readonly args: readonly string[]
  /** Flags as help shows them. */
  readonly options: readonly string[]
}

export type ErrorShape = { readonly code: string; readonly status: number; readonly exit: number }
