import { idOf } from '@casebook/api'
import type { Bench } from '../bench.ts'
import { oneConnection, readAnswer } from '../measure/read.ts'
import { median, medianRatio } from '../measure/statistics.ts'
import type { Goal, Line, Outcome } from '../outcome.ts'
import { logIn, withClient } from '../setup/database.ts'
import { startOurs } from '../setup/server.ts'
import { walkPages } from '../setup/walk.ts'
import { limit } from './contenders.ts'

const samples = 200
const page = 20

/** A question, and the paths that ask it of the small table and of the large one, or of one place and of another. */
type Question = {
  readonly work: string
  readonly who: readonly [string, string]
  readonly urls: readonly [readonly string[], readonly string[]]
  readonly bound: number
}

/** Whether a question takes longer the more records there are, or the further back they lie. */
export async function measureScale(bench: Bench): Promise<Outcome> {
  const { small, scale } = bench.options.sizes
  const smallUrl = await bench.recordsOf(small)
  const largeUrl = await bench.recordsOf(scale)
  await using servers = new AsyncDisposableStack()
  const few = servers.use(await startOurs(bench, smallUrl))
  const many = servers.use(await startOurs(bench, largeUrl))
  const headers = { authorization: `Bearer ${await logIn(few.url)}` }
  const headersOfMany = { authorization: `Bearer ${await logIn(many.url)}` }
  const ofFew = await pathsOf(smallUrl)
  const ofMany = await pathsOf(largeUrl)
  const first = `${many.url}/records?limit=${limit}`
  const pages = await walkPages<{ id: string }>(first, { most: 1000, headers: headersOfMany })
  const last = pages.at(-1)?.cursor ?? null
  const at = (url: string, paths: readonly string[]) => paths.map((path) => url + path)
  const who = [`${small} records`, `${scale} records`] as const
  const questions: Question[] = [
    { work: 'month', who, urls: [at(few.url, ofFew.months), at(many.url, ofMany.months)], bound: 1.5 },
    { work: 'patient', who, urls: [at(few.url, ofFew.patients), at(many.url, ofMany.patients)], bound: 1.5 },
    { work: 'by id', who, urls: [at(few.url, ofFew.ids), at(many.url, ofMany.ids)], bound: 1.5 },
    {
      work: `page of ${limit}`,
      who: ['the first', `number ${pages.length}`],
      urls: [[first], [`${first}${last === null ? '' : `&cursor=${last}`}`]],
      bound: 2,
    },
  ]
  const lines: Line[] = []
  const goals: Goal[] = []
  for (const question of questions) {
    const tokens = [question.bound === 2 ? headersOfMany : headers, headersOfMany] as const
    const [near, far] = await ask(bench, question, tokens)
    const ratio = medianRatio(far, near)
    lines.push(lineOf(question.work, question.who[0], median(near)))
    lines.push({ ...lineOf(question.work, question.who[1], median(far)), ratio })
    goals.push({
      claim: `${question.work}: ${question.who[1]} against ${question.who[0]}`,
      value: ratio,
      bound: question.bound,
      sense: 'at most',
      unit: '×',
    })
  }
  return {
    scenario: 'scale',
    title: `One request after the other on one connection: ${small} records and ${scale}`,
    lines,
    goals,
  }
}

/** Asks both sides in turn; gives the median of each round, in milliseconds. */
async function ask(
  bench: Bench,
  { urls: [near, far] }: Question,
  headers: readonly [Record<string, string>, Record<string, string>],
): Promise<[number[], number[]]> {
  const medians: [number[], number[]] = [[], []]
  const agents = [oneConnection(), oneConnection()] as const
  for (let round = -1; round < bench.options.rounds; round += 1) {
    const times: [number[], number[]] = [[], []]
    for (let place = 0; place < samples; place += 1) {
      for (const side of [0, 1] as const) {
        const urls = side === 0 ? near : far
        const url = urls[place % urls.length] ?? ''
        const { seconds } = await readAnswer(url, { headers: headers[side], agent: agents[side] })
        times[side].push(seconds * 1000)
      }
    }
    // The round before the first warms up, and does not count.
    if (round >= 0) for (const side of [0, 1] as const) medians[side].push(median(times[side]))
  }
  for (const agent of agents) agent.destroy()
  return medians
}

async function pathsOf(databaseUrl: string): Promise<Record<'months' | 'patients' | 'ids', string[]>> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string; patient: string; year: number; month: number }>(`
      select id, patient_id as patient, extract(year from date)::int as year, extract(month from date)::int as month
      from record order by md5(id::text) limit ${samples}`)
    return {
      months: rows.map(({ year, month }) => `/records?year=${year}&month=${month}&limit=${page}`),
      patients: rows.map(({ patient }) => `/records/${idOf('patient', patient)}?limit=${page}`),
      ids: rows.map(({ id }) => `/records/${idOf('record', id)}`),
    }
  })
}

function lineOf(work: string, who: string, amount: number): Line {
  return {
    work,
    who,
    isOurs: true,
    amount,
    unit: 'ms',
    serverMicros: null,
    databaseMicros: null,
    ratio: null,
  }
}
