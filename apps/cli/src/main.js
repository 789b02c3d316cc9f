#!/usr/bin/env node
// What has been compiled once is not compiled again, which takes most of a start (ADR 9). Only what is imported from
// here on is kept, so this file imports nothing else; and it is no TypeScript, since Node would load its stripper of
// types for it alone.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/casebook'))
await import('./main.ts')
