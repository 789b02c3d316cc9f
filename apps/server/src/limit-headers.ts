import type { Limit } from '@casebook/api'

/** The headers of an answer that met a limit (draft-ietf-httpapi-ratelimit-headers-10), besides Retry-After. */
export function limitHeaders({
  limit,
  retryAfterSeconds = 0,
}: {
  readonly limit?: Limit
  readonly retryAfterSeconds?: number
}): Record<string, string> {
  if (limit === undefined) return {}
  const { name, quota, windowSeconds } = limit
  return {
    'ratelimit-policy': `"${name}";q=${quota};w=${windowSeconds}`,
    ratelimit: `"${name}";r=0;t=${Math.ceil(retryAfterSeconds)}`,
  }
}
