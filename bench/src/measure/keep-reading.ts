// Reads an address on some connections, again and again, until SIGTERM: in a process of its own, so that whoever
// measures beside it is not held up. Says `reading` when each connection has got something, and at the end what came.
import { Agent, request } from 'node:http'

const [url = '', authorization = '', connections = '1'] = process.argv.slice(2)
const count = Number(connections)
const agent = new Agent({ keepAlive: true, maxSockets: count })
let bytes = 0
let begun = 0

/** Reads once, and then again. */
function read(isFirst: boolean): void {
  const sent = request(url, { agent, headers: { authorization } }, (answer) => {
    if (answer.statusCode !== 200) return fail(`${url} was answered ${answer.statusCode}`)
    answer.once('data', () => {
      if (isFirst && ++begun === count) process.stdout.write('reading\n')
    })
    answer.on('data', (chunk: Buffer) => (bytes += chunk.length))
    answer.once('end', () => read(false))
  })
  sent.once('error', (error) => fail(error.message))
  sent.end()
}

function fail(why: string): void {
  process.stderr.write(`${why}\n`)
  process.exit(1)
}

process.once('SIGTERM', () => process.stdout.write(`${bytes}\n`, () => process.exit(0)))
for (let place = 0; place < count; place += 1) read(true)
