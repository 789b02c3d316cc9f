// `npm run matrix`: who may do what, in docs/security.md; see CONTRIBUTING.md. It reads what only tests need.
import { ensureInstalled, runProgram } from './toolchain.mjs'

ensureInstalled('to test')
runProgram('apps', 'server', 'test', 'security', 'matrix', 'main.ts')
