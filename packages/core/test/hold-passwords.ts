// A process that hashes once with two children, says their process ids, and stays until it is killed.
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { createPasswords } from '../src/auth/passwords.ts'

const children: ChildProcess[] = []
subscribe('child_process', (message) => children.push((message as { process: ChildProcess }).process))

const passwords = createPasswords({ processes: 2 })
await Promise.all([passwords.hash('one'), passwords.hash('two')])
process.stdout.write(`${children.map(({ pid }) => pid).join(' ')}\n`)
setInterval(() => undefined, 60_000)
