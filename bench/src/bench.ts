import type { Options } from './options.ts'
import type { Cluster } from './setup/cluster.ts'
import type { Lookups } from './setup/lookups.ts'

/** What a scenario works with. */
export type Bench = {
  readonly options: Options
  /** Holds whatever is written meanwhile, and is removed at the end. */
  readonly folder: string
  readonly cluster: Cluster
  /** Gives the database of books and records that most scenarios read; made when it is first asked for. */
  lookups(): Promise<Lookups>
  /** Gives the URL of a database of so many records; made when it is first asked for. */
  recordsOf(count: number): Promise<string>
  /** Tells whoever watches what is being done. */
  say(sentence: string): void
}
