import { compareKeys, without, type Change, type Surface } from './changes.ts'
import type { Field, Fields } from './contract.ts'

export type Side = 'input' | 'output'
type Subject = { readonly subject: string; readonly side: Side; readonly surfaces: readonly Surface[] }

/**
 * Compares the fields of an input or output. What a caller may send must not become less, and what it gets back
 * must not become less certain.
 */
export function compareFields(before: Fields, after: Fields, about: Subject): Change[] {
  const { gone, added, kept } = compareKeys(before, after)
  const change = changeOf(about)
  return [
    ...without(gone, partsOf(gone)).map((path) => change('FIELD_REMOVED', `${path} is gone`, true)),
    ...without(added, partsOf(added)).map((path) => {
      const isDemanded = about.side === 'input' && after[path]?.optional !== true
      return isDemanded
        ? change('REQUIRED_FIELD_ADDED', `${path} is new and must be given`, true)
        : change('FIELD_ADDED', `${path} is new`, false)
    }),
    ...kept.flatMap(([path, old, now]) => compareField(old, now, { path, side: about.side, change })),
  ]
}

/** Paths below one of the paths: they come and go with it. */
function partsOf(paths: readonly string[]): string[] {
  return paths.filter((path) =>
    paths.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[`)),
  )
}

type MakeChange = (rule: string, message: string, breaks: boolean) => Change

function changeOf({ subject, side, surfaces }: Subject): MakeChange {
  return (rule, message, breaks) => ({
    rule: `${side.toUpperCase()}_${rule}`,
    subject,
    message: `${side} ${message}`,
    breaks: breaks ? surfaces : [],
  })
}

function compareField(
  old: Field,
  now: Field,
  { path, side, change }: { path: string; side: Side; change: MakeChange },
): Change[] {
  const isInput = side === 'input'
  const changes: Change[] = []
  if (old.type !== now.type) {
    const isWider = without(typesOf(old), typesOf(now)).length === 0
    const isNarrower = without(typesOf(now), typesOf(old)).length === 0
    const message = `${path} was ${old.type} and is ${now.type}`
    changes.push(change('TYPE_CHANGED', message, isInput ? !isWider : !isNarrower))
  }
  if (old.optional !== now.optional) {
    const isOptional = now.optional === true
    const message = isOptional ? `${path} may be absent now` : `${path} is always there now`
    changes.push(change(isOptional ? 'BECAME_OPTIONAL' : 'BECAME_REQUIRED', message, isInput !== isOptional))
  }
  const gone = without(old.values ?? [], now.values ?? [])
  const added = without(now.values ?? [], old.values ?? [])
  if (old.values !== undefined && now.values !== undefined) {
    if (gone.length > 0)
      changes.push(change('VALUE_REMOVED', `${path} is never ${gone.join(', ')} now`, isInput))
    if (added.length > 0) changes.push(change('VALUE_ADDED', `${path} may be ${added.join(', ')} now`, false))
  } else if ((old.values === undefined) !== (now.values === undefined)) {
    const isClosed = now.values !== undefined
    const message = isClosed
      ? `${path} is one of ${added.join(', ')} now`
      : `${path} may be any ${now.type} now`
    changes.push(change(isClosed ? 'VALUES_CLOSED' : 'VALUES_OPENED', message, isInput === isClosed))
  }
  const tighter = tighterBounds(old, now)
  const looser = tighterBounds(now, old)
  for (const bound of tighter) changes.push(change('NARROWED', `${path}: ${bound}`, isInput))
  for (const bound of looser) changes.push(change('WIDENED', `${path}: no longer ${bound}`, false))
  return changes
}

function typesOf({ type }: Field): string[] {
  return type.split(' or ')
}

/** Bounds of a field that another one does not have, or has looser. */
function tighterBounds(other: Field, field: Field): string[] {
  const { min, max, pattern } = field
  return [
    ...(min !== undefined && min > (other.min ?? -Infinity) ? [`at least ${min}`] : []),
    ...(max !== undefined && max < (other.max ?? Infinity) ? [`at most ${max}`] : []),
    ...(pattern !== undefined && pattern !== other.pattern ? [`of the pattern ${pattern}`] : []),
  ]
}
