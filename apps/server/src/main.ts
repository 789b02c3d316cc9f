#!/usr/bin/env node
// What has been compiled once is not compiled again: that halves the time until the server answers (ADR 9). Only
// what is imported from here on is kept, so this file imports nothing else.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/casebook'))
const { runCommand } = await import('./command.ts')
await runCommand(process.argv.slice(2))
