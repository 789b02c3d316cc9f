import { isDeepStrictEqual } from 'node:util'
import type { Load } from './rounds.ts'

/** Checks that contenders give the same JSON for their first request: faster with less would be no victory. */
export async function assertSameAnswers(
  loads: readonly Load[],
  read: (body: unknown) => unknown = (body) => body,
): Promise<void> {
  const answers: unknown[] = []
  for (const { who, server, requests, headers = {} } of loads) {
    const [first] = requests
    const answer = await fetch(`${server.url}${first?.path}`, { headers })
    if (answer.status !== 200) throw new Error(`${who} answers ${answer.status} to ${first?.path}`)
    answers.push(read(await answer.json()))
  }
  for (const [index, answer] of answers.entries())
    if (!isDeepStrictEqual(answer, answers[0]))
      throw new Error(
        `${loads[index]?.who} does not answer what ${loads[0]?.who} does: it cannot be compared`,
      )
}
