// `npm run pack:client`: the typed client as a tarball that other projects install; says where it is.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, env, root } from './toolchain.mjs'

ensureInstalled('to test')
const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
const folder = process.env.INIT_CWD ?? process.cwd()
const done = spawnSync('npx', ['--yes', pnpm, 'pack', '--pack-destination', folder], {
  cwd: join(root, 'packages', 'client'),
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...env, npm_config_loglevel: 'error', npm_config_update_notifier: 'false' },
})
process.exit(done.status ?? 1)
