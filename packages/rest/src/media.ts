export type ListMedia = 'application/json' | 'application/x-ndjson' | 'text/csv'

const known: Readonly<Record<string, ListMedia>> = {
  'application/json': 'application/json',
  'application/*': 'application/json',
  '*/*': 'application/json',
  'application/x-ndjson': 'application/x-ndjson',
  'application/ndjson': 'application/x-ndjson',
  'text/csv': 'text/csv',
  'text/*': 'text/csv',
}

/** Picks the form of a list by `Accept` (RFC 9110, 12.5.1); JSON where none of ours is named. */
export function negotiate(accept: string | undefined): ListMedia {
  if (accept === undefined) return 'application/json'
  const wanted = accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim())
    const quality = parameters.find((text) => text.startsWith('q='))?.slice(2)
    return { media: known[type.toLowerCase()], quality: quality === undefined ? 1 : Number(quality) }
  })
  const best = wanted
    .filter((entry) => entry.media !== undefined && entry.quality > 0)
    .toSorted((a, b) => b.quality - a.quality)[0]
  return best?.media ?? 'application/json'
}
