import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const program = join(import.meta.dirname, 'keep-reading.ts')

export type Reading = { readonly url: string; readonly authorization: string; readonly connections: number }

/** Does work while another process reads an address again and again; gives the megabytes that it got, too. */
export async function beside<T>(
  { url, authorization, connections }: Reading,
  work: () => Promise<T>,
): Promise<{ result: T; megabytes: number }> {
  const child = spawn(process.execPath, [program, url, authorization, String(connections)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  try {
    if ((await lines.next()).value !== 'reading') throw new Error(`${url} could not be read`)
    const result = await work()
    child.kill('SIGTERM')
    const last = await lines.next()
    if (last.done === true) throw new Error(`${url} could not be read to the end`)
    return { result, megabytes: Number(last.value) / 1e6 }
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}
