/** One contender's figures for one piece of work. */
export type Line = {
  readonly work: string
  readonly who: string
  /** Tells whether Casebook did it. */
  readonly isOurs: boolean
  /** Median of the rounds, in `unit`. */
  readonly amount: number
  readonly unit: 'requests/s' | 'rows/s' | 'logins/s' | 'ms' | 'MB'
  /** CPU for one request, row or login, in microseconds; null where it is not measured. */
  readonly serverMicros: number | null
  readonly databaseMicros: number | null
  /** Median over the rounds of this amount by the baseline's of the same round. */
  readonly ratio: number | null
  readonly note?: string
}

export type Goal = {
  /** What is claimed, such as «pages against the hand-written route». */
  readonly claim: string
  readonly value: number
  readonly bound: number
  readonly sense: 'at least' | 'at most'
  readonly unit: '×' | 's' | 'MB'
}

export type Outcome = {
  readonly scenario: string
  readonly title: string
  readonly lines: readonly Line[]
  readonly goals: readonly Goal[]
}

/** Tells whether a goal is met; one without a value, as when nothing was measured, is not. */
export function isMet({ value, bound, sense }: Goal): boolean {
  return sense === 'at least' ? value >= bound : value <= bound
}

/** Says in a sentence how a run ended, and gives the exit code of the process. */
export function verdictOf(
  outcomes: readonly Outcome[],
  { isQuick }: { isQuick: boolean },
): { sentence: string; exitCode: 0 | 1 } {
  if (isQuick) return { sentence: 'A quick run: it judges nothing.', exitCode: 0 }
  const missed = outcomes.flatMap(({ goals }) => goals).filter((goal) => !isMet(goal)).length
  if (missed === 0) return { sentence: 'All goals are met.', exitCode: 0 }
  return { sentence: missed === 1 ? '1 goal is missed.' : `${missed} goals are missed.`, exitCode: 1 }
}
