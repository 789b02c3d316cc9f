// `npm start`: install once, then serve. Signals reach the server itself, which ends in its own time.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachingEnv, ensureInstalled, node24, root } from './toolchain.mjs'

ensureInstalled()
const app = join(root, 'apps', 'server')
// V8 would keep up to 134 MB for what is new: this bounds it (docs/operations.md).
const flags = JSON.parse(readFileSync(join(app, 'node-flags.json'), 'utf8'))
const server = spawn(node24(), [...flags, join(app, 'src', 'main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: cachingEnv,
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal))
server.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

/** Ctrl-C at a terminal reaches the whole group, and the server with it; any other sender means only us. */
function forward(signal) {
  if (signal !== 'SIGINT' || !process.stdin.isTTY) server.kill(signal)
}

// npm ends at a signal without passing it on; that it has gone is then all that we hear of it.
const parent = process.ppid
if (parent !== 1) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    server.kill('SIGTERM')
  }, 500)
  watch.unref()
}
