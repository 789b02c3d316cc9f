import type { Change } from './changes.ts'
import type { Verdict } from './lock.ts'

/** Says which changes are not in the lock, whom they break, and what is to be done. */
export function describe({ changes, demands }: Verdict): string {
  if (changes.length === 0) return 'The contract is as the lock says.\n'
  const breaking = changes.filter(({ breaks }) => breaks.length > 0)
  const others = changes.filter(({ breaks }) => breaks.length === 0)
  const next = 'Then lock it: npm run contract -- --write'
  return [
    'The contract is not what contract.lock.json says.',
    ...paragraph('Breaks callers:', breaking),
    ...paragraph('Breaks nobody:', others),
    '',
    ...(demands.length === 0
      ? [next]
      : ['To do:', ...demands.map((demand) => `  - ${demand}`), `  - ${next}`]),
    '',
  ].join('\n')
}

function paragraph(heading: string, changes: readonly Change[]): string[] {
  return changes.length === 0 ? [] : ['', heading, ...changes.map(line)]
}

function line({ rule, subject, message, breaks }: Change): string {
  const whom = breaks.length === 0 ? '' : ` [breaks ${breaks.join(', ')}]`
  return `  ${subject}: ${message}${whom} (${rule})`
}
