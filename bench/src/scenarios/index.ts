import type { Bench } from '../bench.ts'
import type { Outcome } from '../outcome.ts'
import { measureCommand } from './command.ts'
import { measureHelp } from './help.ts'
import { measureImports } from './imports.ts'
import { measureLists } from './lists.ts'
import { measureLogins } from './logins.ts'
import { measureOne } from './one.ts'
import { measurePages } from './pages.ts'
import { measureRecords } from './records.ts'
import { measureRepeat } from './repeat.ts'
import { measureScale } from './scale.ts'
import { measureStart } from './start.ts'
import { measureStarve } from './starve.ts'
import { measureTiming } from './timing.ts'
import { measureTrpc } from './trpc.ts'

/** What can be measured, by name, in the order in which it is. */
export const scenarios: Readonly<Record<string, (bench: Bench) => Promise<Outcome>>> = {
  pages: measurePages,
  repeat: measureRepeat,
  one: measureOne,
  trpc: measureTrpc,
  records: measureRecords,
  lists: measureLists,
  imports: measureImports,
  logins: measureLogins,
  timing: measureTiming,
  starve: measureStarve,
  start: measureStart,
  help: measureHelp,
  command: measureCommand,
  scale: measureScale,
}
