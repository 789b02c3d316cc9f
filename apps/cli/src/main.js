#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { enableCompileCache, registerHooks } from 'node:module'
import { join } from 'node:path'

if (isHelpAtTheTop(process.argv.slice(2))) {
  process.stdout.once('error', ({ code, message }) => {
    // A reader that has seen enough is no failure.
    if (code === 'EPIPE') return
    process.stderr.write(`Error: Standard output cannot be written: ${message}\n`)
    process.exitCode = 1
  })
  process.stdout.write(readFileSync(join(import.meta.dirname, 'help.generated.txt')))
} else await run()

/** Help that begins at the top was written with the commands, for 80 columns: reading it needs no program to be loaded. */
function isHelpAtTheTop([first, ...others]) {
  const isAsked = first === undefined || first === '--help' || first === '-h' || first === 'help'
  return isAsked && others.length === 0 && (process.stdout.columns ?? 80) === 80
}

// What has been compiled once is not compiled again, which takes most of a start (ADR 9). Only what is imported from
// here on is kept, so this file imports nothing else; and it is no TypeScript, since Node would load its stripper of
// types for it alone.
async function run() {
  enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/casebook'))
  registerHooks({ resolve: resolveNeighbour })
  await import('./main.ts')
}

/** Finds a file that lies beside the one that imports it, without Node's search for links and packages. */
function resolveNeighbour(specifier, context, next) {
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts') || !context.conditions.includes('import'))
    return next(specifier, context)
  return { url: new URL(specifier, context.parentURL).href, format: 'module-typescript', shortCircuit: true }
}
