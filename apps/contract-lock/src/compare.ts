import { compareKeys, without, type Change, type Surface } from './changes.ts'
import { compareFields } from './compare-fields.ts'
import type { CommandShape, Contract, Operation, Procedure } from './contract.ts'

/** Lists the changes between two contracts, and whom each of them breaks. */
export function compareContracts(before: Contract, after: Contract): Change[] {
  const served = new Set(Object.values(before.operations).flatMap(({ procedures }) => procedures))
  return [
    ...compareProcedures(before, after, served),
    ...compareOperations(before, after),
    ...compareCommands(before, after),
    ...compareErrors(before, after),
  ]
}

const plain = (rule: string, subject: string, message: string): Change => ({
  rule,
  subject,
  message,
  breaks: [],
})
const breaking =
  (surfaces: readonly Surface[]) =>
  (rule: string, subject: string, message: string): Change => ({
    rule,
    subject,
    message,
    breaks: surfaces,
  })

function compareProcedures(before: Contract, after: Contract, served: ReadonlySet<string>): Change[] {
  const { gone, added, kept } = compareKeys(before.procedures, after.procedures)
  return [
    ...gone.map((name) => breaking(['RPC'])('PROCEDURE_REMOVED', name, 'is gone')),
    ...added.map((name) => plain('PROCEDURE_ADDED', name, 'is new')),
    ...kept.flatMap(([name, old, now]) => compareProcedure(name, [old, now], served.has(name))),
  ]
}

function compareProcedure(
  name: string,
  [old, now]: readonly [Procedure, Procedure],
  isServed: boolean,
): Change[] {
  const surfaces: readonly Surface[] = isServed ? ['RPC', 'REST'] : ['RPC']
  const lost = without(old.access, now.access)
  const won = without(now.access, old.access)
  const isOpened =
    now.access.includes('public') || (now.access.includes('user') && !old.access.includes('public'))
  return [
    ...(old.type === now.type
      ? []
      : [breaking(['RPC'])('PROCEDURE_TYPE_CHANGED', name, `was a ${old.type} and is a ${now.type}`)]),
    ...(lost.length === 0
      ? []
      : [
          (isOpened ? plain : breaking(surfaces))(
            'ACCESS_CHANGED',
            name,
            `was for ${old.access.join(', ')} and is for ${now.access.join(', ')}`,
          ),
        ]),
    ...(lost.length > 0 || won.length === 0
      ? []
      : [plain('ACCESS_WIDENED', name, `is for ${won.join(', ')} now, too`)]),
    ...without(now.errors, old.errors).map((reason) =>
      plain('ERROR_ADDED', name, `may fail for ${reason} now`),
    ),
    ...without(old.errors, now.errors).map((reason) =>
      plain('ERROR_REMOVED', name, `does not fail for ${reason} any more`),
    ),
    ...compareFields(old.input, now.input, { subject: name, side: 'input', surfaces }),
    ...compareFields(old.output, now.output, { subject: name, side: 'output', surfaces }),
  ]
}

function compareOperations(before: Contract, after: Contract): Change[] {
  const { gone, added, kept } = compareKeys(before.operations, after.operations)
  return [
    ...gone.map((name) => breaking(['REST'])('OPERATION_REMOVED', name, 'is gone')),
    ...added.map((name) => plain('OPERATION_ADDED', name, 'is new')),
    ...kept.flatMap(([name, old, now]) => compareOperation(name, old, now)),
  ]
}

function compareOperation(name: string, old: Operation, now: Operation): Change[] {
  const change = breaking(['REST'])
  const statuses = compareKeys(old.failures, now.failures)
  return [
    ...(old.success === now.success
      ? []
      : [change('SUCCESS_STATUS_CHANGED', name, `answered ${old.success} and answers ${now.success}`)]),
    ...statuses.kept
      .filter(([, was, is]) => was !== is)
      .map(([reason, was, is]) =>
        change('FAILURE_STATUS_CHANGED', name, `${reason} was ${was} and is ${is}`),
      ),
    ...without(old.parameters, now.parameters).map((parameter) =>
      change('PARAMETER_REMOVED', name, `${parameter} is gone`),
    ),
    ...without(now.parameters, old.parameters).map((parameter) =>
      plain('PARAMETER_ADDED', name, `${parameter} is new`),
    ),
    ...without(old.types, now.types).map((type) => change('CONTENT_TYPE_REMOVED', name, `${type} is gone`)),
    ...without(now.types, old.types).map((type) => plain('CONTENT_TYPE_ADDED', name, `${type} is new`)),
    ...without(old.procedures, now.procedures).map((procedure) =>
      plain('PROCEDURE_OF_OPERATION_CHANGED', name, `is no longer ${procedure}`),
    ),
  ]
}

function compareCommands(before: Contract, after: Contract): Change[] {
  const { gone, added, kept } = compareKeys(before.commands, after.commands)
  return [
    ...gone.map((name) => breaking(['CLI'])('COMMAND_REMOVED', name, 'is gone')),
    ...added.map((name) => plain('COMMAND_ADDED', name, 'is new')),
    ...kept.flatMap(([name, old, now]) => compareCommand(name, old, now)),
  ]
}

function compareCommand(name: string, old: CommandShape, now: CommandShape): Change[] {
  const change = breaking(['CLI'])
  const isLonger = now.args.slice(old.args.length).some((argument) => argument.startsWith('<'))
  const isOther = old.args.some((argument, place) => isNarrower(argument, now.args[place]))
  return [
    ...(isLonger || isOther
      ? [change('ARGUMENTS_CHANGED', name, `took ${old.args.join(' ')} and takes ${now.args.join(' ')}`)]
      : []),
    ...without(old.options, now.options).map((flags) => change('OPTION_REMOVED', name, `${flags} is gone`)),
    ...without(now.options, old.options).map((flags) => plain('OPTION_ADDED', name, `${flags} is new`)),
  ]
}

/** Tells whether an argument is gone, or must be given where it could be left out. */
function isNarrower(old: string, now: string | undefined): boolean {
  return now === undefined || (old.startsWith('[') && now.startsWith('<'))
}

function compareErrors(before: Contract, after: Contract): Change[] {
  const { gone, added, kept } = compareKeys(before.errors, after.errors)
  return [
    ...gone.map((reason) => breaking(['RPC', 'REST'])('REASON_REMOVED', reason, 'is gone')),
    ...added.map((reason) => plain('REASON_ADDED', reason, 'is new')),
    ...kept.flatMap(([reason, old, now]) => [
      ...(old.code === now.code
        ? []
        : [breaking(['RPC', 'REST'])('REASON_CODE_CHANGED', reason, `was ${old.code} and is ${now.code}`)]),
      ...(old.status === now.status
        ? []
        : [breaking(['REST'])('REASON_STATUS_CHANGED', reason, `was ${old.status} and is ${now.status}`)]),
      ...(old.exit === now.exit
        ? []
        : [
            breaking(['CLI'])(
              'REASON_EXIT_CHANGED',
              reason,
              `ended with ${old.exit} and ends with ${now.exit}`,
            ),
          ]),
    ]),
  ]
}
