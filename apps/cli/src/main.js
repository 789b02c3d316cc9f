#!/usr/bin/env node
// What has been compiled once is not compiled again, which takes most of a start (ADR 9). Only what is imported from
// here on is kept, so this file imports nothing else; and it is no TypeScript, since Node would load its stripper of
// types for it alone.
import { enableCompileCache, registerHooks } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/casebook'))
registerHooks({ resolve: resolveNeighbour })
await import('./main.ts')

/** Finds a file that lies beside the one that imports it, without Node's search for links and packages. */
function resolveNeighbour(specifier, context, next) {
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts') || !context.conditions.includes('import'))
    return next(specifier, context)
  return { url: new URL(specifier, context.parentURL).href, format: 'module-typescript', shortCircuit: true }
}
