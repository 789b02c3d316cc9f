import type { RestProcedure } from './walk.ts'

/** Throws a sentence that names the procedure when its meta speaks of what is not there. */
export function assertSound(procedure: RestProcedure): void {
  const { rest, pathFields, fields, objectSchema } = procedure
  const input = Object.keys(fields)
  const output = Object.keys(objectSchema.properties ?? {})
  const isPath = (name: string) => pathFields.includes(name)
  const refuse = refuser(procedure)
  for (const name of pathFields) refuse(input, name, `{${name}} of ${rest.path} is no field of its input`)
  for (const name of rest.input?.query ?? [])
    refuse(input, name, `the query field ${name} is no field of its input`)
  for (const name of Object.keys(rest.match ?? {})) {
    if (!isPath(name))
      throw new Error(`${procedure.name}: match names {${name}}, which is not in ${rest.path}.`)
  }
  if (typeof rest.emptyIsNotFound === 'object') {
    for (const name of rest.emptyIsNotFound)
      refuse(input, name, `emptyIsNotFound: ${name} is no field of its input`)
  }
  for (const [, name = ''] of rest.location?.matchAll(/\{(\w+)\}/g) ?? [])
    if (output.length > 0) refuse(output, name, `{${name}} of its location is no field of its output`)
}

function refuser({ name: procedure }: RestProcedure) {
  return (known: readonly string[], name: string, sentence: string) => {
    if (!known.includes(name)) throw new Error(`${procedure}: ${sentence}.`)
  }
}

/** Throws a sentence for a list whose stream is no procedure of the router. */
export function assertStreamsExist(served: readonly RestProcedure[], names: readonly string[]): void {
  for (const { name, rest } of served) {
    const stream = rest.list?.stream
    if (stream !== undefined && !names.includes(stream))
      throw new Error(`${name}: its whole list is ${stream}, which is no procedure of this router.`)
  }
}

/** Throws a sentence for a status of a reason for which the procedure does not declare to fail. */
export function assertStatusesDeclared(
  { name, rest }: RestProcedure,
  declared: readonly { readonly reason: string }[],
): void {
  for (const reason of Object.keys(rest.statuses ?? {})) {
    if (!declared.some((failure) => failure.reason === reason))
      throw new Error(`${name}: gives ${reason} a status, but does not declare to fail for it.`)
  }
}
