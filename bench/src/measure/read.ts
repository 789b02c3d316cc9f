import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'

export type Reading = { readonly bytes: number; readonly seconds: number }
export type GetOptions = { readonly headers?: Readonly<Record<string, string>>; readonly agent?: Agent }

/** Reads an answer to its end without keeping it. Throws when it is not 200. */
export async function readAnswer(url: string, { headers = {}, agent }: GetOptions = {}): Promise<Reading> {
  const began = performance.now()
  const sent = request(url, { headers, ...(agent === undefined ? {} : { agent }) })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  let bytes = 0
  answer.on('data', (chunk: Buffer) => (bytes += chunk.length))
  await once(answer, 'end')
  if (answer.statusCode !== 200) throw new Error(`${url} was answered ${answer.statusCode}`)
  return { bytes, seconds: (performance.now() - began) / 1000 }
}

/** Makes an agent that sends one request after the other on one connection. */
export function oneConnection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 })
}
