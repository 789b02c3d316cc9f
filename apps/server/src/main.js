#!/usr/bin/env node
// What has been compiled once is not compiled again: that halves the time until the server answers (ADR 9). Only
// what is imported from here on is kept, so this file imports nothing else; and it is no TypeScript, since Node would
// load its stripper of types for it alone.
import { enableCompileCache, registerHooks } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/casebook'))
registerHooks({ resolve: resolveNeighbour })
const { runCommand } = await import('./command.ts')
await runCommand(process.argv.slice(2))

/**
 * Finds a file that lies beside the one that imports it, without Node's search for links and packages: that takes a
 * tenth of a start, with the hundreds of files of ours and of two packages of ES modules.
 */
function resolveNeighbour(specifier, context, next) {
  const format = specifier.startsWith('.') ? formatOf(specifier, context) : undefined
  if (format === undefined) return next(specifier, context)
  return { url: new URL(specifier, context.parentURL).href, format, shortCircuit: true }
}

function formatOf(specifier, { conditions, parentURL = '' }) {
  if (!conditions.includes('import') || !parentURL.startsWith('file:')) return undefined
  if (specifier.endsWith('.ts')) return 'module-typescript'
  return specifier.endsWith('.js') && /\/node_modules\/(kysely|zod)\//.test(parentURL) ? 'module' : undefined
}
