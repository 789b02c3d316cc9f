export type Progress = { say(line: string): void; end(): void }

/** Makes a line that rewrites itself at a terminal, and nothing in a log. */
export function createProgress(output: NodeJS.WriteStream): Progress {
  const rewrite = (line: string) => void (output.isTTY && output.write(`\r${line}\u001B[K`))
  return { say: rewrite, end: () => rewrite('') }
}

/** A number as people read it. */
export function count(number: number): string {
  return number.toLocaleString('en')
}
