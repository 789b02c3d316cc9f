import { stripVTControlCharacters } from 'node:util'

/** Takes escape sequences and control characters out of what others wrote, before a terminal shows it. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ')
}
