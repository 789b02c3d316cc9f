// `npm run contract`: holds the contract against its lock; see CONTRIBUTING.md.
import { runProgram } from './toolchain.mjs'

runProgram('apps', 'contract-lock', 'src', 'main.ts')
