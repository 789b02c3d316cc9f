import { DomainError } from '@casebook/api'
import { HashingChildGone, startHashingChild, type HashingChild } from './hashing-child.ts'
import { hashOnThread, type HashingResult, type HashingTask } from './hashing.ts'
import { createTurns } from './turns.ts'

/** Does tasks of hashing. Throws `overloaded` when too many wait. */
export type Hashing = {
  run(task: HashingTask): Promise<HashingResult>
  close(): Promise<void>
}

export type HashingPoolOptions = {
  readonly processes: number
  /** Tasks that wait for a process. */
  readonly queue: number
  /** How long a process without a task is kept. */
  readonly idleMs: number
  /** Told of processes that die or cannot be started; their tasks are done all the same. */
  readonly onError: (error: Error) => void
  /** The program of the processes, for tests. */
  readonly program?: URL | undefined
}

/** Hashes at once that the server itself does; libuv's pool has four threads, and others need them, too. */
const threads = 2
/** How long no further start is tried after one that failed. */
const pauseMs = 60_000

/** Hashes in the server itself. */
export function createHashingHere(queue: number): Hashing {
  const inTurn = createTurns({ atOnce: threads, queue })
  return { run: (task) => inTurn(() => hashOnThread(task)), close: async () => undefined }
}

/** Hashes in processes of low priority, which are started when they are needed first. */
export function createHashingPool(options: HashingPoolOptions): Hashing {
  const { processes, queue, idleMs, onError, program } = options
  const inTurn = createTurns({ atOnce: processes, queue })
  const here = createHashingHere(processes)
  const children = new Set<HashingChild>()
  const idle: HashingChild[] = []
  const timers = new Map<HashingChild, NodeJS.Timeout>()
  let pausedUntil = 0
  let isFailing = false
  let isClosed = false

  const start = async (): Promise<HashingChild | null> => {
    if (Date.now() < pausedUntil) return null
    try {
      const child = startHashingChild(program)
      children.add(child)
      void child.ended.then(() => forget(child))
      await child.ready
      isFailing = false
      return child
    } catch (cause) {
      if (isClosed) throw refusal(cause)
      pausedUntil = Date.now() + pauseMs
      if (!isFailing)
        onError(new Error('The server hashes passwords itself: a process for it does not start.', { cause }))
      isFailing = true
      return null
    }
  }

  /** Sees to it that a child gets no more tasks. */
  const withdraw = (child: HashingChild) => {
    const index = idle.indexOf(child)
    if (index >= 0) idle.splice(index, 1)
    clearTimeout(timers.get(child))
    timers.delete(child)
  }

  const forget = (child: HashingChild) => {
    withdraw(child)
    children.delete(child)
  }

  const retire = (child: HashingChild) => {
    withdraw(child)
    void child.end()
  }

  const release = (child: HashingChild) => {
    if (isClosed || !child.isAlive()) return
    idle.push(child)
    timers.set(child, setTimeout(retire, idleMs, child).unref())
  }

  /** The one that was busy last is taken first, so that those which are not needed come to their end. */
  const take = (): HashingChild | null => {
    const child = idle.at(-1)
    if (child === undefined) return null
    withdraw(child)
    return child
  }

  const runOnce = async (task: HashingTask): Promise<HashingResult> => {
    if (isClosed) throw refusal()
    const child = take() ?? (await start())
    if (child === null) return here.run(task)
    try {
      return await child.run(task)
    } finally {
      release(child)
    }
  }

  const runOrTryAgain = async (task: HashingTask): Promise<HashingResult> => {
    try {
      return await runOnce(task)
    } catch (error) {
      if (!(error instanceof HashingChildGone)) throw error
      if (isClosed) throw refusal(error)
      onError(error)
    }
    try {
      return await runOnce(task)
    } catch (error) {
      // Whatever ends them (mostly a lack of memory) is not to end the server next.
      throw error instanceof HashingChildGone ? refusal(error) : error
    }
  }

  return {
    run: (task) => inTurn(() => runOrTryAgain(task)),
    async close() {
      isClosed = true
      await Promise.all([...children].map((child) => child.end()))
    },
  }
}

function refusal(cause?: unknown): DomainError {
  return new DomainError('overloaded', { cause, retryAfterSeconds: 2 })
}
