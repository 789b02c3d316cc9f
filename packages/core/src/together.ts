import { DomainError } from '@casebook/api'
import { batched, type BatchingOptions } from './batching.ts'

/**
 * Makes of work on many calls work on one, and does those together that come while others are under way. Each has an
 * answer of its own: when the work fails, the calls are done again one by one, so that a bad one fails alone.
 */
export function together<C extends object, A>(
  doAll: (calls: readonly C[]) => Promise<readonly A[]>,
  options: BatchingOptions,
): (call: C) => Promise<A> {
  const attempt = async (calls: readonly C[]): Promise<PromiseSettledResult<A>[]> => {
    try {
      const answers = await doAll(calls)
      // Answers are told apart by their place.
      if (answers.length !== calls.length) throw new Error('not every call was answered')
      return answers.map((value) => ({ status: 'fulfilled', value }))
    } catch (error) {
      // Nobody would fare better with a database that is away, and all would wait for it once more.
      if (calls.length > 1 && !isOutage(error))
        return (await Promise.all(calls.map((call) => attempt([call])))).flat()
      return calls.map(() => ({ status: 'rejected', reason: error }))
    }
  }
  const ask = batched<C, PromiseSettledResult<A>>(async (calls) => {
    const outcomes = await attempt(calls)
    const places = calls.map((call, place) => [call, outcomes[place]] as const)
    return new Map(places.filter((pair): pair is [C, PromiseSettledResult<A>] => pair[1] !== undefined))
  }, options)
  return async (call) => {
    const outcome = await ask(call)
    if (outcome === undefined) throw new Error('a call was not answered')
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof DomainError && error.reason === 'overloaded'
}
