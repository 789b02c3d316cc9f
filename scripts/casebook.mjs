// `npm run casebook -- …`: the command line from the checkout, in the folder that npm was called from.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, env, node24, root } from './toolchain.mjs'

ensureInstalled()
const main = join(root, 'apps', 'cli', 'src', 'main.ts')
const done = spawnSync(node24(), [main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env,
})
process.exit(done.status ?? 130)
