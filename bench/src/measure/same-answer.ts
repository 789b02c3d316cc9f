import { isDeepStrictEqual } from 'node:util'
import type { Load } from './rounds.ts'

const compared = 5

/** Checks that contenders give the same JSON for their first requests: faster with less would be no victory. */
export async function assertSameAnswers(
  loads: readonly Load[],
  read: (body: unknown) => unknown = (body) => body,
): Promise<void> {
  let expected: unknown[] = []
  for (const [index, load] of loads.entries()) {
    const answers: unknown[] = []
    for (const { path } of load.requests.slice(0, compared)) {
      const answer = await fetch(`${load.server.url}${path}`, { headers: { ...load.headers } })
      if (answer.status !== 200) throw new Error(`${load.who} answers ${answer.status} to ${path}`)
      answers.push(read(await answer.json()))
    }
    if (index === 0) expected = answers
    else if (!isDeepStrictEqual(answers, expected))
      throw new Error(`${load.who} does not answer what ${loads[0]?.who} does: they cannot be compared`)
  }
}
