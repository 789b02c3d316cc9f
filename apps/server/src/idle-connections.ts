import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Ends at once, when the server closes, every connection on which no request is under way. Node closes those that
 * have had one; a connection that a browser opened ahead of need would hold the server up until its time is over.
 */
export function endIdleConnections(app: FastifyInstance): void {
  const requests = new Map<Socket, number>()
  let isClosing = false
  const count = (socket: Socket, change: number) => {
    const now = requests.get(socket)
    if (now === undefined) return
    requests.set(socket, now + change)
    if (isClosing && now + change === 0) socket.end()
  }
  app.server.on('connection', (socket: Socket) => {
    requests.set(socket, 0)
    socket.once('close', () => requests.delete(socket))
  })
  app.server.on('request', ({ socket }, response) => {
    count(socket, 1)
    response.once('close', () => count(socket, -1))
  })
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
  app.addHook('preClose', async () => {
    isClosing = true
    for (const [socket, underWay] of requests) if (underWay === 0) socket.destroy()
  })
}
