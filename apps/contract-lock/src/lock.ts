import { compareContracts } from './compare.ts'
import type { Change } from './changes.ts'
import type { Contract } from './contract.ts'

/** The lock as it is committed. */
export type Lock = Contract & {
  /** The version that callers have; what has changed is counted from it. Null before the first release. */
  readonly released: string | null
  /** Whether what was locked since then breaks anybody. */
  readonly breaks: boolean
}

export type Surroundings = {
  /** The version of the packages. */
  readonly version: string
  /** Text of CHANGELOG.md. */
  readonly changelog: string
}

/** What a change of the contract asks for before it may be locked. */
export type Verdict = {
  readonly changes: readonly Change[]
  /** Sentences that say what is still to be done. */
  readonly demands: readonly string[]
}

/** Holds the contract against the lock. */
export function judge(lock: Lock, contract: Contract, surroundings: Surroundings): Verdict {
  const changes = compareContracts(lock, contract)
  const { released } = lock
  const isFree = changes.length === 0 || released === null
  return { changes, demands: isFree ? [] : demandsOf({ ...lock, released }, changes, surroundings) }
}

function demandsOf(
  lock: Pick<Lock, 'breaks'> & { readonly released: string },
  changes: readonly Change[],
  { version, changelog }: Surroundings,
): string[] {
  const breaking = changes.filter(({ breaks }) => breaks.length > 0)
  const needed = nextVersion(lock.released, lock.breaks || breaking.length > 0)
  const isBumped = compareVersions(version, needed) >= 0
  const heading = isBumped ? version : needed
  const section = sectionOf(changelog, heading)
  const unnamed = [...new Set(breaking.map(({ subject }) => subject))].filter(
    (subject) => !section.includes(subject),
  )
  return [
    ...(isBumped ? [] : [`Set the version of every package to ${needed}: ${version} is too low.`]),
    ...(section.trim() === '' ? [`Say in CHANGELOG.md, under «## ${heading}», what has changed.`] : []),
    ...(unnamed.length === 0
      ? []
      : [`Name what breaks callers in CHANGELOG.md, under «## ${heading}»: ${unnamed.join(', ')}.`]),
  ]
}

/** Gives the least version after one (semver 2.0.0; before 1.0.0 the minor number stands for breaks). */
export function nextVersion(version: string, breaks: boolean): string {
  const [major = 0, minor = 0, patch = 0] = numbersOf(version)
  if (major === 0) return breaks ? `0.${minor + 1}.0` : `0.${minor}.${patch + 1}`
  return breaks ? `${major + 1}.0.0` : `${major}.${minor + 1}.0`
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const place = left.findIndex((number, index) => number !== right[index])
  return place === -1 ? 0 : (left[place] ?? 0) - (right[place] ?? 0)
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number)
}

/** The text under the heading of a version. */
function sectionOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m)
  return sections.find((section) => section.startsWith(`${version}\n`))?.slice(version.length) ?? ''
}
