// The ceiling: Node's own server with one body of BODY_BYTES, and nothing else.
import { createServer } from 'node:http'

const body = Buffer.alloc(Number(process.env['BODY_BYTES']), 'a')
const server = createServer((_request, response) => {
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  })
  response.end(body)
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
