import type { Bench } from '../bench.ts'
import { beside } from '../measure/beside.ts'
import { pace } from '../measure/pace.ts'
import { readAnswer } from '../measure/read.ts'
import { median, quantile } from '../measure/statistics.ts'
import type { Line, Outcome } from '../outcome.ts'
import { logInApart } from '../setup/lookups.ts'
import { startOurs } from '../setup/server.ts'

const lists = 4
const readsPerSecond = 50

/** What readers of pages notice while whole lists are sent. */
export async function measureStarve(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  const authorization = `Bearer ${await logInApart(bench, databaseUrl)}`
  await using server = await startOurs(bench, databaseUrl)
  const read = async () => (await readAnswer(`${server.url}/api/books?limit=20`)).seconds * 1000
  const paced = { perSecond: readsPerSecond, seconds: bench.options.seconds }
  const whole = { url: `${server.url}/records`, authorization, connections: lists }

  const calm: number[] = []
  const loaded: number[] = []
  const sent: number[] = []
  await pace(read, { perSecond: readsPerSecond, seconds: 1 })
  for (let round = 0; round < bench.options.rounds; round += 1) {
    calm.push(...(await pace(read, paced)))
    const { result, megabytes } = await beside(whole, () => pace(read, paced))
    loaded.push(...result)
    sent.push(megabytes / paced.seconds)
  }
  const p99 = { calm: quantile(calm, 0.99), loaded: quantile(loaded, 0.99) }
  const line = (who: string, times: readonly number[], more = ''): Line => ({
    work: `page of 20 books, ${readsPerSecond}/s`,
    who,
    isOurs: true,
    amount: quantile(times, 0.99),
    unit: 'ms',
    serverMicros: null,
    databaseMicros: null,
    ratio: quantile(times, 0.99) / p99.calm,
    note: `p99 of ${times.length}, median ${quantile(times, 0.5).toFixed(1)} ms${more}`,
  })
  return {
    scenario: 'starve',
    title: `Pages of books while ${lists} whole lists of ${bench.options.sizes.lookups} records are read`,
    lines: [
      line('without lists', calm),
      line(`beside ${lists} whole lists`, loaded, `, ${Math.round(median(sent))} MB/s of lists`),
    ],
    goals: [
      {
        claim: 'p99 of pages beside whole lists against without',
        value: p99.loaded / p99.calm,
        bound: 3,
        sense: 'at most',
        unit: '×',
      },
    ],
  }
}
