// The program of a child process that hashes, one task at a time. Whatever it is told comes over its pipe.
import { hashHere, type HashingResult, type HashingTask } from './hashing.ts'

/** What the process says: first that it is ready, then one answer to each task. */
export type HashingMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: HashingResult }
  | { readonly kind: 'failed'; readonly message: string }

// Ctrl-C and service managers signal the whole group; it is the server that ends us, when it has finished.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
// Also when the server was killed: the pipe closes with it.
process.on('disconnect', () => process.exit())
process.on('message', async (task) => say(await answer(task as HashingTask)))
say({ kind: 'ready' })

async function answer(task: HashingTask): Promise<HashingMessage> {
  try {
    return { kind: 'done', result: await hashHere(task) }
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

function say(message: HashingMessage): void {
  // Fails when the server is gone, of which `disconnect` tells us.
  process.send?.(message, () => undefined)
}
