import { fork, type ChildProcess } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { extname } from 'node:path'
import type { HashingMessage } from './hashing-process.ts'
import type { HashingResult, HashingTask } from './hashing.ts'

/** A process that hashes, seen from the server. */
export type HashingChild = {
  /** Rejects with HashingChildGone when the process cannot be started. */
  readonly ready: Promise<unknown>
  /** Has ended, for whatever reason. */
  readonly ended: Promise<void>
  isAlive(): boolean
  /** Does one task; the next one may come when it is done. Throws HashingChildGone when the process ends meanwhile. */
  run(task: HashingTask): Promise<HashingResult>
  end(): Promise<void>
}

/** The process ended before it answered. */
export class HashingChildGone extends Error {
  override readonly name = 'HashingChildGone'
}

// TypeScript in a checkout, JavaScript in a build: as this file itself.
const ownProgram = new URL(`./hashing-process${extname(import.meta.url)}`, import.meta.url)

/** Starts a process that hashes when nobody else needs the processor. While it has nothing to do, it keeps nobody alive. */
export function startHashingChild(program: URL = ownProgram): HashingChild {
  // No argument and no variable of the server's is handed on: a secret may be in there, or `--inspect`.
  const child = fork(program, {
    serialization: 'advanced',
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  lowerPriority(child)
  const ended = Promise.withResolvers<void>()
  let isAlive = true
  let waiting: PromiseWithResolvers<HashingMessage> | null = null

  const lose = (why: string, cause?: Error) => {
    isAlive = false
    waiting?.reject(new HashingChildGone(`A process that hashes passwords ${why}.`, { cause }))
    ended.resolve()
  }
  child.on('message', (message) => waiting?.resolve(message as HashingMessage))
  child.once('exit', (code, signal) => lose(`ended with ${signal ?? `status ${code}`}`))
  child.on('error', (error) => lose('failed', error))

  const nextMessage = async (): Promise<HashingMessage> => {
    waiting = Promise.withResolvers()
    keepAlive(child, true)
    try {
      return await waiting.promise
    } finally {
      waiting = null
      keepAlive(child, false)
    }
  }
  const ready = nextMessage()

  return {
    ready,
    ended: ended.promise,
    isAlive: () => isAlive,
    async run(task) {
      const answered = nextMessage()
      child.send(task, (error) => {
        if (error !== null) lose('cannot be reached', error)
      })
      const message = await answered
      switch (message.kind) {
        case 'done':
          return message.result
        case 'failed':
          throw new Error(message.message)
        case 'ready':
          throw new Error('A process that hashes passwords answered out of turn.')
      }
    },
    async end() {
      if (!isAlive) return
      keepAlive(child, true)
      // It holds nothing that is worth an orderly end.
      child.kill('SIGKILL')
      await ended.promise
    },
  }
}

/** Leaves the processor to the server: on Linux the nice value of the child's only busy thread. */
function lowerPriority({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // Some platforms refuse; a process of its own is still better than none.
  }
}

function keepAlive(child: ChildProcess, isBusy: boolean): void {
  if (isBusy) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}
