import type { Bench } from '../bench.ts'
import type { Outcome } from '../outcome.ts'
import { measurePages } from './pages.ts'

/** What can be measured, by name, in the order in which it is. */
export const scenarios: Readonly<Record<string, (bench: Bench) => Promise<Outcome>>> = {
  pages: measurePages,
}
