/** Reads a list that is written in lines, with ` | ` between its entries. */
export function phrases(text: string): string[] {
  return text.split('|').map((phrase) => phrase.trim())
}
