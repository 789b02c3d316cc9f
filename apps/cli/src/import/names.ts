const suffix = /^(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d|inc)\.?$/i

/** Splits a cell of names by commas; a suffix such as `Jr.` stays with the name before it. */
export function splitNames(cell: string): string[] {
  const names: string[] = []
  for (const part of cell.split(',').map((text) => text.trim())) {
    if (part === '') continue
    const last = names.pop()
    if (last === undefined) names.push(part)
    else if (suffix.test(part)) names.push(`${last}, ${part}`)
    else names.push(last, part)
  }
  return names
}

/**
 * Turns a name as catalogues file it into the one that is printed: `Gould, George M. (George Milbrey)` is
 * George M. Gould, `Osler, William, Sir` is Sir William Osler.
 */
export function printedName(filed: string): string {
  const [family = '', given, ...titles] = filed
    .replaceAll(/\s*\([^)]*\)/g, '')
    .split(',')
    .map((part) => part.trim())
  if (given === undefined || given === '') return family
  if (suffix.test(given)) return [family, given, ...titles].join(', ')
  const before = titles.filter((title) => !suffix.test(title))
  const after = titles.filter((title) => suffix.test(title))
  return [[...before, given, family].join(' '), ...after].join(', ')
}
