/**
 * How answers are told that are stored as JSON text: they are passed on as they are. Without it every answer is a
 * value, and is serialised.
 */
export type StoredAnswers = {
  /**
   * Gives the text of a value in parts that follow each other, or undefined for one that is no text. It is trusted to
   * be what the schema says.
   */
  readonly partsOf: (value: unknown) => readonly string[] | undefined
  /** Reads a whole list as texts of some objects each, with the separator between them; undefined for any other list. */
  readonly runsOf: (list: unknown, separator: ',' | '\n') => AsyncIterable<string> | undefined
}

/** Where nothing is stored as text. */
export const noStoredAnswers: StoredAnswers = { partsOf: () => undefined, runsOf: () => undefined }
