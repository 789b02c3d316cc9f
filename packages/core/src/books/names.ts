const suffixes = new Set(['jr.', 'jr', 'sr.', 'sr', 'ii', 'iii', 'iv', 'm.d.', 'ph.d.'])

/**
 * Gives the form under which a name is filed: the family name first. The last word is taken for it, with a
 * suffix such as `Jr.` left at the end; a name of one word stays.
 */
export function sortNameOf(name: string): string {
  const words = name.split(/\s+/)
  const end = words.findLastIndex((word) => !suffixes.has(word.toLowerCase().replace(/,$/, '')))
  if (end < 1) return name
  const family = words[end]?.replace(/,$/, '')
  const rest = [...words.slice(0, end), ...words.slice(end + 1)].join(' ')
  return `${family}, ${rest}`.slice(0, 300)
}
