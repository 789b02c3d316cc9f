import { batched } from './batching.ts'

/** Lets calls that come at the same time share a read, that begins after each of them: see `batched`. */
export function createSharedRead<T>(read: () => Promise<T>): () => Promise<T> {
  const ask = batched(async () => new Map([['it', { value: await read() }]]), { inFlight: 1, most: 1 })
  return async () => {
    const answer = await ask('it')
    if (answer === undefined) throw new Error('what was read was not answered')
    return answer.value
  }
}
