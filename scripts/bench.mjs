// `npm run bench`: measures Casebook against a hand-written route and its peers; `-- --help` says how.
import { ensureInstalled, runProgram } from './toolchain.mjs'

ensureInstalled('to test')
runProgram('bench', 'src', 'main.ts')
