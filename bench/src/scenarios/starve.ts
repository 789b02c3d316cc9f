import type { Bench } from '../bench.ts'
import { beside } from '../measure/beside.ts'
import { pace } from '../measure/pace.ts'
import { readAnswer } from '../measure/read.ts'
import { median, quantile } from '../measure/statistics.ts'
import type { Line, Outcome } from '../outcome.ts'
import { logInApart } from '../setup/lookups.ts'
import { startOurs, type Server } from '../setup/server.ts'

const lists = 4
const readsPerSecond = 50

/**
 * What readers of pages notice while whole lists are sent. Four lists that are read as fast as they come take all of two
 * cores, so the measure is what pages take while another server sends them: what is above is owed to sharing a server.
 */
export async function measureStarve(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  const authorization = `Bearer ${await logInApart(bench, databaseUrl)}`
  await using server = await startOurs(bench, databaseUrl)
  await using other = await startOurs(bench, databaseUrl)
  const read = async () => (await readAnswer(`${server.url}/api/books?limit=20`)).seconds * 1000
  const paced = { perSecond: readsPerSecond, seconds: bench.options.seconds }
  const wholeOf = ({ url }: Server) => ({ url: `${url}/records`, authorization, connections: lists })

  const calm: number[] = []
  const apart: number[] = []
  const loaded: number[] = []
  const sent: number[] = []
  await pace(read, { perSecond: readsPerSecond, seconds: 1 })
  for (let round = 0; round < bench.options.rounds; round += 1) {
    calm.push(...(await pace(read, paced)))
    apart.push(...(await beside(wholeOf(other), () => pace(read, paced))).result)
    const { result, megabytes } = await beside(wholeOf(server), () => pace(read, paced))
    loaded.push(...result)
    sent.push(megabytes / paced.seconds)
  }
  const p99 = { apart: quantile(apart, 0.99), loaded: quantile(loaded, 0.99) }
  const line = (who: string, times: readonly number[], more = ''): Line => ({
    work: `page of 20 books, ${readsPerSecond}/s`,
    who,
    isOurs: true,
    amount: quantile(times, 0.99),
    unit: 'ms',
    serverMicros: null,
    databaseMicros: null,
    ratio: quantile(times, 0.99) / p99.apart,
    note: `p99 of ${times.length}, median ${quantile(times, 0.5).toFixed(1)} ms${more}`,
  })
  return {
    scenario: 'starve',
    title: `Pages of books while ${lists} whole lists of ${bench.options.sizes.lookups} records are read`,
    lines: [
      line('without lists', calm),
      line(`beside ${lists} whole lists of another server on these cores`, apart),
      line(`beside ${lists} whole lists`, loaded, `, ${Math.round(median(sent))} MB/s of lists`),
    ],
    goals: [
      {
        claim: 'p99 of pages beside whole lists of the same server against those of another one',
        value: p99.loaded / p99.apart,
        bound: 2,
        sense: 'at most',
        unit: '×',
      },
    ],
  }
}
