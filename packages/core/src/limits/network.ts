import { isIPv6 } from 'node:net'

/**
 * Gives what limits take for one caller: an IPv4 address, or the /64 of an IPv6 address, of which every home has at
 * least one whole (RFC 6177). What is no address, which a proxy may send, is taken as it is.
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return bare.slice(0, 64)
  const groups = groupsOf(bare)
  return mappedIPv4(groups) ?? `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address in their shortest hexadecimal form. */
function groupsOf(address: string): string[] {
  // The URL parser writes each address in one way, one that ends like an IPv4 address, too (RFC 5952).
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = [], tail] = canonical
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  if (tail === undefined) return head
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail]
}

/** The IPv4 address that an IPv6 address stands for (RFC 4291, 2.5.5.2), as a server on `::` sees IPv4 callers. */
function mappedIPv4(groups: readonly string[]): string | null {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return null
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((number) => [number >> 8, number & 255])
    .join('.')
}
