#!/usr/bin/env node
// `npm run casebook -- …`, or a link to this file on the PATH: the command line from the checkout.
import { cachingEnv, runProgram } from './toolchain.mjs'

// Who works in a checkout may have no keyring: then a file of its owner alone will do, and `login` says where it is.
cachingEnv.CASEBOOK_DEFAULT_STORE ??= 'auto'
runProgram('apps', 'cli', 'src', 'main.js')
