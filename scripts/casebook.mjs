// `npm run casebook -- …`: the command line from the checkout.
import { runProgram } from './toolchain.mjs'

runProgram('apps', 'cli', 'src', 'main.js')
