import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire; names of headers are in lower case. */
export type RawAnswer = {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** One connection, on which requests are sent one after the other, byte by byte as they are given. */
export type RawConnection = {
  /**
   * Sends a request and waits for its answer; `isHead` when that has no body. Connects anew where the one before
   * was closed. Throws NoAnswer when the connection ends before the answer does, or when none comes in time.
   */
  send(request: Uint8Array, options?: { readonly isHead?: boolean }): Promise<RawAnswer>
  close(): void
}

/** No whole answer came; `partial` is what came of it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly partial: string

  constructor(why: string, partial: string) {
    super(`${why} after ${JSON.stringify(partial.slice(0, 200))}`)
    this.partial = partial
  }
}

type RawOptions = { readonly hangMs?: number; readonly localAddress?: string }

/** Makes a connection to a server on the loopback; it connects with the first request. */
export function openRaw(url: string, { hangMs = 60_000, localAddress = '127.0.0.1' }: RawOptions = {}) {
  const port = Number(new URL(url).port)
  let socket: Socket | null = null

  const connected = async (): Promise<Socket> => {
    if (socket !== null && socket.writable && !socket.readableEnded) return socket
    const made = connect({ port, host: '127.0.0.1', localAddress, noDelay: true })
    await once(made, 'connect')
    made.on('error', () => undefined)
    socket = made
    return made
  }

  const drop = (one: Socket | null) => {
    one?.destroy()
    socket = null
  }

  const connection: RawConnection = {
    async send(request, { isHead = false } = {}) {
      const on = await connected()
      const reading = readAnswer(on, { isHead, hangMs })
      on.write(request)
      const answer = await reading
      const isFramed = answer.headers.has('content-length') || answer.headers.has('transfer-encoding')
      if (answer.headers.get('connection') === 'close' || !(isFramed || isHead || answer.status === 204))
        drop(on)
      return answer
    },
    close: () => drop(socket),
  }
  return connection
}

function readAnswer(socket: Socket, options: { isHead: boolean; hangMs: number }): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  const parser = createAnswerParser(options.isHead)
  const end = (why: string) => {
    const whole = parser.end()
    if (whole === null) fail(why)
    else succeed(whole)
  }
  const onData = (bytes: Buffer) => {
    const answer = parser.take(bytes)
    if (answer !== null) succeed(answer)
  }
  const onEnd = () => end('the connection was closed')
  const onError = (error: Error) => end(error.message)
  const timer = setTimeout(() => {
    socket.destroy()
    fail(`there was no answer within ${options.hangMs} ms`)
  }, options.hangMs)
  const settle = () => {
    clearTimeout(timer)
    socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError)
  }
  const succeed = (answer: RawAnswer) => {
    settle()
    resolve(answer)
  }
  const fail = (why: string) => {
    settle()
    reject(new NoAnswer(why, parser.partial()))
  }
  socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError)
  return promise
}

type Head = { readonly status: number; readonly headers: ReadonlyMap<string, string> }

/** Puts an answer together (RFC 9112, 6.3); what is behind it on the connection is not looked at. */
function createAnswerParser(isHead: boolean) {
  let pending: Buffer = Buffer.alloc(0)
  let head: Head | null = null
  let length = 0
  const pieces: Buffer[] = []

  const keep = (bytes: Buffer) => {
    pieces.push(bytes)
    length += bytes.length
  }

  /** Takes whole chunks off what is pending; true at the last one. */
  const takeChunks = (): boolean => {
    for (;;) {
      const line = pending.indexOf('\r\n')
      if (line === -1) return false
      const size = Number.parseInt(pending.toString('latin1', 0, line), 16)
      if (pending.length < line + 2 + size + 2) return false
      keep(pending.subarray(line + 2, line + 2 + size))
      pending = pending.subarray(line + 2 + size + 2)
      if (size === 0) return true
    }
  }

  const answerOf = ({ status, headers }: Head): RawAnswer => ({
    status,
    headers,
    body: Buffer.concat(pieces),
  })

  return {
    take(bytes: Buffer): RawAnswer | null {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
      while (head === null) {
        const end = pending.indexOf('\r\n\r\n')
        if (end === -1) return null
        const found = readHead(pending.toString('latin1', 0, end))
        pending = pending.subarray(end + 4)
        // 100 Continue goes before the answer.
        if (found.status >= 200) head = found
      }
      const { status, headers } = head
      if (isHead || status === 204 || status === 304) return answerOf(head)
      if (headers.get('transfer-encoding') === 'chunked') return takeChunks() ? answerOf(head) : null
      const told = headers.get('content-length')
      keep(pending)
      pending = Buffer.alloc(0)
      return told !== undefined && length >= Number(told) ? answerOf(head) : null
    },
    /** Gives the answer whose end is that of the connection, if it is one. */
    end: (): RawAnswer | null =>
      head === null || head.headers.has('content-length') || head.headers.has('transfer-encoding')
        ? null
        : answerOf(head),
    partial: () =>
      `${head === null ? '' : `${head.status} `}${Buffer.concat([...pieces, pending]).toString('latin1')}`,
  }
}

function readHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
  }
  return { status: Number(first.split(' ')[1]), headers }
}
