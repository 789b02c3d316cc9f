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

/** Tells whether a goal is met. */
export function isMet({ value, bound, sense }: Goal): boolean {
  return sense === 'at least' ? value >= bound : value <= bound
}
