import type { CasebookClient } from '@casebook/client'
import { call, readList } from './call.ts'
import type { Input } from './input.ts'
import type { CommandSpec, PresentSpec } from './spec.ts'

/** Reads what a command is about to change; undefined where there is nothing to read it by. */
export async function readPresent(
  client: CasebookClient,
  { present }: CommandSpec,
  input: Input,
): Promise<object | readonly object[] | undefined> {
  if (present === undefined) return undefined
  const taken = Object.fromEntries(present.takes.map((field) => [field, input[field]]))
  if (present.kind === 'one') return (await call(client, reading(present), taken)) as object
  const found: object[] = []
  for await (const item of readList(client, present, taken)) {
    if (present.id === undefined) found.push(item)
    else if ((item as { id?: unknown }).id === input[present.id]) return item
  }
  return present.id === undefined ? found : undefined
}

function reading({ procedure }: PresentSpec): CommandSpec {
  return {
    procedure,
    kind: 'query',
    words: '',
    summary: '',
    args: [],
    flags: [],
    secrets: [],
    example: '',
    answer: { form: 'one', columns: [], fields: [] },
  }
}

/** The name that something is known by to people, where it has one. */
export function nameOf(present: object | undefined): string | undefined {
  const { title, username, name } = (present ?? {}) as Readonly<Record<string, unknown>>
  return [title, username, name].find((one) => typeof one === 'string')
}
