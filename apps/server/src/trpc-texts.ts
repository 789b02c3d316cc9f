import { randomUUID } from 'node:crypto'

/**
 * The stored texts of one answer. tRPC writes the answer with a word in the place of each, and the texts are put
 * there afterwards. A word has a random part of this one answer, so nothing that was stored or sent can be taken for it.
 */
export type AnswerTexts = {
  /** Keeps the text of a value, and gives the word that stands for it. */
  keep(text: string): string
  /** Keeps the texts of several values, one a line, and gives the word of a line that is to become as many lines. */
  keepLines(texts: string): string
  /** Puts the texts of values in their places. */
  fill(written: string): string
  /** Puts texts in their places in a line of JSONL; where the word stood for lines, gives as many, each with what the line had around it. */
  fillLine(line: string): string
}

export function createAnswerTexts(): AnswerTexts {
  const mark = randomUUID()
  const kept = new Map<string, string>()
  const ofValue = new RegExp(`"(${mark}\\.\\d+)"`, 'g')
  const ofLines = new RegExp(`"(${mark}\\+\\d+)"`)
  let count = 0

  const keepBy = (sign: '.' | '+', text: string): string => {
    const word = `${mark}${sign}${count++}`
    kept.set(word, text)
    return word
  }
  const take = (word: string): string => {
    const text = kept.get(word)
    if (text === undefined) throw new Error('a stored text was written twice')
    kept.delete(word)
    return text
  }
  const fill = (written: string): string =>
    kept.size === 0 ? written : written.replaceAll(ofValue, (_, word: string) => take(word))

  return {
    keep: (text) => keepBy('.', text),
    keepLines: (texts) => keepBy('+', texts),
    fill,
    fillLine(line) {
      const found = kept.size === 0 ? null : ofLines.exec(line)
      // A line break in a text stands between two values, where it says nothing; here it would end the line.
      if (found === null) return fill(line).replaceAll('\n', '')
      const before = line.slice(0, found.index)
      const after = line.slice(found.index + found[0].length)
      return before + take(found[1] ?? '').replaceAll('\n', () => `${after}\n${before}`) + after
    },
  }
}
