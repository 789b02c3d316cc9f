export { commandSpecs } from './commands.generated.ts'
export type { CommandSpec } from './spec.ts'
