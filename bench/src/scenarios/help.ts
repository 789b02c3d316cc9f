import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { timeCommand } from '../measure/command.ts'
import { median } from '../measure/statistics.ts'
import type { Line, Outcome } from '../outcome.ts'

const cli = join(import.meta.dirname, '../../../apps/cli/src/main.js')
const bareNode = 'node -e 0'
const times = 10

/** What the processor spends on a command of the command line before it does anything, beside bare Node. */
export async function measureHelp(bench: Bench): Promise<Outcome> {
  bench.say(`Starting the command line ${times} times …`)
  const commands = { bare: ['-e', '0'], help: [cli, '--help'], group: [cli, 'books', 'update', '--help'] }
  const spent = { bare: [] as number[], help: [] as number[], group: [] as number[] }
  // What has been compiled once is kept from then on: the first start is not counted.
  for (const args of Object.values(commands)) cpuOf(args)
  for (let round = 0; round < times; round += 1) {
    for (const name of ['bare', 'help', 'group'] as const) spent[name].push(cpuOf(commands[name]))
  }
  const bare = median(spent.bare)
  const line = (who: string, amount: number): Line => ({
    work: 'CPU of a start',
    who,
    isOurs: who !== bareNode,
    amount,
    unit: 'ms',
    serverMicros: null,
    databaseMicros: null,
    ratio: amount / bare,
    note: `user and system, median of ${times}`,
  })
  return {
    scenario: 'help',
    title: 'What the command line takes before it does anything',
    lines: [
      line(bareNode, bare),
      line('casebook --help', median(spent.help)),
      line('casebook books update --help', median(spent.group)),
    ],
    goals: [
      {
        claim: 'CPU of casebook --help above bare Node',
        value: (median(spent.help) - bare) / 1000,
        bound: 0.04,
        sense: 'at most',
        unit: 's',
      },
    ],
  }
}

/** CPU of Node with these arguments, in milliseconds. */
function cpuOf(args: readonly string[]): number {
  return timeCommand(process.execPath, args).cpu
}
