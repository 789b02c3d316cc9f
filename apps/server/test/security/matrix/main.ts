// `npm run matrix`: tells whether docs/security.md has the matrix as the table says it; `--write` puts it there.
import { isMatrixWritten, matrixText, writeMatrix } from './document.ts'

if (process.argv.includes('--write')) writeMatrix()
process.stdout.write(matrixText().split('\n').slice(2, 3).join('') + '\n')
if (!isMatrixWritten()) {
  process.stderr.write('docs/security.md has another matrix: npm run matrix -- --write\n')
  process.exitCode = 1
}
