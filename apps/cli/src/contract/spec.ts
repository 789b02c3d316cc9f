/** A command that calls one procedure of the contract; `npm run contract -- --write` writes them. */
export type CommandSpec = {
  /** What is typed: `books get`. */
  readonly words: string
  readonly procedure: string
  readonly kind: 'query' | 'mutation'
  readonly summary: string
  readonly description?: string
  /** Fields that are given by position, in order. */
  readonly args: readonly string[]
  /** What the ids that address something begin with, by their fields. */
  readonly ids?: Readonly<Record<string, string>>
  readonly flags: readonly FlagSpec[]
  /** Fields of secrets: they come from a prompt or standard input, and are no flags. */
  readonly secrets: readonly SecretSpec[]
  /** What the command says by its name: `users disable` has `disabled: true`. */
  readonly fixed?: Readonly<Record<string, unknown>>
  /** A line that works with the sample data; after ` < `, the file that it reads. */
  readonly example: string
  readonly answer: AnswerSpec
  /** True where something is lost or ended: it asks first. */
  readonly destroys?: true
  /** The procedure that shows what is to be changed, and by which fields it is found in its list. */
  readonly present?: PresentSpec
  /** True where the same idempotency key makes a second sending harmless. */
  readonly repeatable?: true
  /** True where its `id` is that of an account, which may be named by its user name. */
  readonly accounts?: true
  /** The procedure that answers the whole list at once. */
  readonly stream?: string
}

export type FlagSpec = {
  /** Without the hyphens. */
  readonly name: string
  readonly field: string
  readonly type: 'text' | 'integer' | 'boolean' | 'list' | 'json'
  readonly help: string
  readonly required?: true
  /** `null` takes the field away. */
  readonly nullable?: true
  readonly values?: readonly string[]
}

export type SecretSpec = { readonly field: string; readonly label: string; readonly required: boolean }

export type AnswerSpec = {
  readonly form: 'page' | 'one' | 'message' | 'nothing'
  /** Columns of tables. */
  readonly columns: readonly string[]
  /** Columns of CSV: every field. */
  readonly fields: readonly string[]
  /** Fields that tell who a patient is: tables hide them. */
  readonly identifying?: readonly string[]
}

/** A field of the rows of an import. */
export type ImportField = { readonly name: string; readonly help: string; readonly required?: true }

export type PresentSpec = {
  readonly procedure: string
  readonly kind: 'one' | 'page'
  /** Fields of the input that it takes. */
  readonly takes: readonly string[]
  /** For a list: the field of the input that its item has as `id`. */
  readonly id?: string
}
