import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lock, Surroundings } from './lock.ts'

const root = join(import.meta.dirname, '../../..')
const file = join(root, 'contract.lock.json')

/** Reads the committed lock. */
export function readLock(): Lock {
  return JSON.parse(readFileSync(file, 'utf8')) as Lock
}

/** Writes the lock, a line for each field, so that a change is a line of a diff. */
export function writeLock(lock: Lock): void {
  writeFileSync(file, `${layOut(lock, 0)}\n`)
}

/** Reads the version of the packages, and what the changelog says. */
export function readSurroundings(): Surroundings {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return { version, changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8') }
}

const maxWidth = 110

function layOut(value: unknown, depth: number): string {
  const flat = JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return flat
  const isField = 'type' in value && !('input' in value)
  const isShort = flat.length + depth * 2 <= maxWidth
  if (isField || (isShort && depth > 1)) return flat
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const inner = '  '.repeat(depth + 1)
  const lines = Array.isArray(value)
    ? value.map((entry) => inner + layOut(entry, depth + 1))
    : Object.entries(value).map(
        ([key, entry]) => `${inner}${JSON.stringify(key)}: ${layOut(entry, depth + 1)}`,
      )
  return lines.length === 0 ? flat : `${open}\n${lines.join(',\n')}\n${'  '.repeat(depth)}${close}`
}
