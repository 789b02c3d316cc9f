import type { RestExample } from './meta.ts'
import type { RestProcedure } from './walk.ts'

/** The first example of an operation that has this side. */
export function exampleOf(group: readonly RestProcedure[], side: 'input' | 'output'): unknown {
  return group
    .flatMap(({ meta }) => meta.examples ?? [])
    .map((example) => example[side])
    .find((value) => value !== undefined)
}

/** The examples of an operation as a media type shows them, by name; nothing where there are none. */
export function namedExamples(
  group: readonly RestProcedure[],
  valueOf: (procedure: RestProcedure, example: RestExample) => unknown,
): { examples?: Readonly<Record<string, { summary: string; value: unknown }>> } {
  const named = group.flatMap((procedure) =>
    (procedure.meta.examples ?? []).flatMap((example) => {
      const value = valueOf(procedure, example)
      return value === undefined
        ? []
        : [[nameOf(example.summary), { summary: example.summary, value }] as const]
    }),
  )
  return named.length === 0 ? {} : { examples: Object.fromEntries(named) }
}

function nameOf(summary: string): string {
  return summary
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
