import { Socket } from 'node:net'
import pg from 'pg'

/** Runs reads on few connections, many of them on their way at once. */
export type Pipeline = {
  /** Runs a statement that is prepared by name. It must change nothing, and be short: what is sent after it waits for it. */
  read(name: string, text: string, values: readonly unknown[]): Promise<pg.QueryResult>
  end(): Promise<void>
}

export type PipelineOptions = {
  readonly client: pg.ClientConfig
  readonly connections: number
  /** How long a read may take with all before it, in milliseconds; after that its connection is given up. */
  readonly readMs: number
}

/**
 * Makes a pipeline. It connects when it is first used. A read that fails because its connection breaks is
 * rejected with pg's error, which has no SQLSTATE; the next read connects anew.
 */
export function createPipeline({ client, connections, readMs }: PipelineOptions): Pipeline {
  const lines = Array.from({ length: connections }, () => createLine(client, readMs))
  return {
    read(name, text, values) {
      const line = lines.reduce((least, other) => (other.waiting() < least.waiting() ? other : least))
      return line.read(name, text, values)
    },
    async end() {
      await Promise.all(lines.map((line) => line.end()))
    },
  }
}

type Connected = { readonly client: pg.Client; readonly gather: () => void }

function createLine(config: pg.ClientConfig, readMs: number) {
  let connection: Promise<Connected> | null = null
  let waiting = 0
  let isEnded = false

  const connect = (): Promise<Connected> => {
    const socket = new Socket()
    const client = new pg.Client({ ...config, pipeline: true, query_timeout: readMs, stream: () => socket })
    const connecting = client.connect().then(() => ({ client, gather: gathering(socket) }))
    const forget = () => {
      if (connection === connecting) connection = null
    }
    client.on('error', forget)
    client.on('end', forget)
    connecting.catch(forget)
    return connecting
  }

  return {
    waiting: () => waiting,
    async read(name: string, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
      if (isEnded) throw new Error('the pipeline has ended')
      waiting += 1
      const mine = (connection ??= connect())
      try {
        const { client, gather } = await mine
        gather()
        return await client.query({ name, text, values: [...values] })
      } catch (error) {
        // One that is given up says so only when it has ended; until then nobody else may begin on it.
        if (connection === mine && !(error instanceof pg.DatabaseError)) connection = null
        throw error
      } finally {
        waiting -= 1
      }
    },
    async end() {
      isEnded = true
      const connected = await connection?.catch(() => null)
      await connected?.client.end()
    },
  }
}

/**
 * Gives what holds back the writes of a socket until all that this turn of the event loop brings is done, so
 * that the statements of many requests leave together: the database's process is woken once for all of them.
 */
function gathering(socket: Socket): () => void {
  let isGathering = false
  return () => {
    if (isGathering) return
    isGathering = true
    socket.cork()
    setImmediate(() => {
      isGathering = false
      socket.uncork()
    })
  }
}
