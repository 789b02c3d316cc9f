import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Whether each worker listens by itself, and the kernel deals connections out. Where it cannot, the first process
 * does so; a connection that it has given to a worker in the moment of its death is then never answered.
 */
export const canSharePort = process.platform === 'linux'

/**
 * Makes sure that an address is free, and gives the port, a free one for 0. Workers that share a port would share
 * it with another server as well. Throws what `listen` throws.
 */
export async function findPort(host: string, port: number): Promise<number> {
  const probe = createServer().listen({ host, port })
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address !== null ? address.port : port
}
