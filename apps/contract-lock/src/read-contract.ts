import { appRouter, declaredErrors, errorCatalogue, rolesOf, type Access, type Meta } from '@casebook/api'
import { operationsOf } from '@casebook/rest'
import { buildProgram } from 'casebook/program'
import type { Command } from 'commander'
import type { z } from 'zod'
import type { CommandShape, Contract, Operation, Procedure } from './contract.ts'
import { fieldsOf } from './fields.ts'

type Definition = {
  readonly type: 'query' | 'mutation'
  readonly meta: Meta
  readonly inputs: readonly z.ZodType[]
  readonly output: { readonly schema?: z.ZodType; readonly itemSchema?: z.ZodType }
}

/** Reads the contract as it stands in the code. */
export function readContract(): Contract {
  return {
    errors: Object.fromEntries(
      Object.entries(errorCatalogue).map(([reason, { code, status, exit }]) => [
        reason,
        { code, status, exit },
      ]),
    ),
    procedures: readProcedures(),
    operations: readOperations(),
    commands: readCommands(buildProgram()),
  }
}

function readProcedures(): Record<string, Procedure> {
  const all = appRouter._def.procedures as unknown as Record<string, { readonly _def: Definition }>
  return Object.fromEntries(
    Object.entries(all).map(([name, { _def }]) => {
      const { type, meta, inputs, output } = _def
      return [
        name,
        {
          type,
          access: accessOf(meta.access),
          errors: declaredErrors(meta, type).map(({ reason }) => reason),
          input: fieldsOf(inputs[0], 'input'),
          output: fieldsOf(output.schema ?? output.itemSchema, 'output'),
        },
      ]
    }),
  )
}

function accessOf(access: Access): string[] {
  if (typeof access === 'string') return [access]
  return [...rolesOf(access), ...('linkedPatient' in access ? ['linked'] : [])]
}

function readOperations(): Record<string, Operation> {
  return Object.fromEntries(
    operationsOf(appRouter, (meta) => declaredErrors(meta as Meta)).map(
      ({ method, path, procedures, parameters, success, types }) => {
        const failures = procedures.flatMap(({ meta }) => declaredErrors(meta as Meta))
        return [
          `${method} ${path}`,
          {
            procedures: procedures.map(({ name }) => name),
            parameters: [...parameters],
            success,
            failures: Object.fromEntries(failures.map(({ reason, status }) => [reason, status])),
            types: [...types],
          },
        ]
      },
    ),
  )
}

/** Reads a tree of commands; groups that do nothing themselves are left out. */
function readCommands(command: Command, path: string = command.name()): Record<string, CommandShape> {
  const shape = {
    args: command.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    ),
    options: command.options.map(({ flags }) => flags),
  }
  const isGroup = command.commands.length > 0 && shape.options.length === 0
  return Object.assign(
    isGroup ? {} : { [path]: shape },
    ...command.commands.map((inner) => readCommands(inner, `${path} ${inner.name()}`)),
  ) as Record<string, CommandShape>
}
