import { NoAnswer, openRaw, type RawAnswer, type RawConnection } from '../raw-http.ts'
import { createRequests } from './create-requests.ts'
import { readDocument } from './documented.ts'
import { createJudge } from './judge.ts'
import { readPages } from './pages.ts'
import { bytesOf, type FuzzRequest } from './request.ts'
import { openWorld } from './world.ts'

export type FuzzOptions = { readonly seed: number; readonly requests: number; readonly callers: number }

/** What came of a run. */
export type FuzzReport = {
  readonly sent: number
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>
  /** Requests that were made from each procedure, and those of them that had success. */
  readonly procedures: ReadonlyMap<string, { sent: number; done: number }>
  /** How often each canary was seen by those who may see it, and whether it was looked at on purpose. */
  readonly sightings: readonly { times: number; isShown: boolean }[]
  /** Each with the request that shows it. */
  readonly failures: readonly string[]
}

const maxFailures = 20

/** Sends requests of every kind to a server of its own, and judges every answer. */
export async function runFuzz({ seed, requests, callers }: FuzzOptions): Promise<FuzzReport> {
  await using world = await openWorld()
  const { server, canaries } = world
  const documented = readDocument((await server.request('GET', '/openapi.json')).text)
  const judge = createJudge(world, documented)
  const requestOf = createRequests(world, { seed, pages: await readPages(world) })
  const statuses = new Map<number, number>()
  const procedures = new Map<string, { sent: number; done: number }>()
  const sightings = canaries.map(({ shownAt }) => ({ times: 0, isShown: shownAt.length > 0 }))
  const failures: string[] = []
  let next = 0

  const note = (request: FuzzRequest, { status, body }: RawAnswer) => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    const counts = procedures.get(request.of) ?? { sent: 0, done: 0 }
    procedures.set(request.of, counts)
    counts.sent += 1
    if (status < 300) counts.done += 1
    for (const [index, sighting] of sightings.entries())
      if (body.includes(canaries[index]?.text ?? '')) sighting.times += 1
  }

  const call = async (connection: RawConnection) => {
    while (next < requests && failures.length < maxFailures) {
      const index = next
      next += 1
      const request = requestOf(index)
      const wrong = await attempt(request, connection)
      if (wrong !== null) failures.push(describe(request, { wrong, index, seed }))
    }
    connection.close()
  }

  const attempt = async (request: FuzzRequest, connection: RawConnection): Promise<string | null> => {
    try {
      const answer = await connection.send(bytesOf(request, world), { isHead: request.method === 'HEAD' })
      note(request, answer)
      if (answer.status === 401 && request.actor !== 'nobody') await world.renew(request.actor)
      return judge(request, answer)
    } catch (error) {
      connection.close()
      if (!(error instanceof NoAnswer)) throw error
      return error.message
    }
  }

  await Promise.all(Array.from({ length: callers }, () => call(openRaw(server.url))))
  const unexpected = server.errors.filter((line) => line.includes('unexpected error')).slice(0, maxFailures)
  if (failures.length > 0) failures.push(...unexpected)
  return { sent: next, statuses, procedures, sightings, failures }
}

/** Says what is wrong, and how it is seen again. */
function describe(
  request: FuzzRequest,
  { wrong, index, seed }: { wrong: string; index: number; seed: number },
): string {
  const { actor, credential, of, method, target, headers, body } = request
  const shown = JSON.stringify({ method, target, headers, body: body?.toString('latin1').slice(0, 2000) })
  return `${of} as ${actor} (${credential}): ${wrong}\n  request ${index} of the seed ${seed}: ${shown}`
}
