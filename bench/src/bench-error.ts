/** Something that whoever runs the bench can mend; its message says how. */
export class BenchError extends Error {
  override readonly name = 'BenchError'
}
