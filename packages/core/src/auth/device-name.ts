import { parse } from 'bowser'

const longest = 100

/**
 * Says in a few words what a `User-Agent` says of itself: `Firefox on Linux`, `casebook-cli 0.1.0`. Null for one that
 * says nothing. It is the caller's own word, and proves nothing.
 */
export function deviceNameOf(userAgent: string | null): string | null {
  if (userAgent === null || userAgent.trim() === '') return null
  const { browser, os } = parse(userAgent)
  // With a system it is a browser; without one bowser takes the whole text for a name.
  const name =
    os.name === undefined || browser.name === undefined
      ? productOf(userAgent)
      : `${browser.name} on ${os.name}`
  const shown = name
    .replaceAll(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, longest)
  return shown === '' ? null : shown
}

/** The first product and its version (RFC 9110, 10.1.5). */
function productOf(userAgent: string): string {
  const [product = ''] = userAgent.trim().split(/\s/)
  return product.replace('/', ' ')
}
