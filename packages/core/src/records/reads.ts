import {
  formOfPage,
  type Database,
  type OneRead,
  type PageRead,
  type RecordKeyset,
  type Run,
} from '@casebook/db'
import { together } from '../together.ts'

/** Reads of records with their audit entries, for all callers of a server process. */
export type RecordReads = {
  page(read: PageRead): Promise<Run<RecordKeyset>>
  /** Gives the document of a record; null for one that is not there, or that the caller may not see. */
  one(read: OneRead): Promise<string | null>
}

/** Statements under way at once of each form; what comes meanwhile shares the next one, and its commit. */
const sharing = { inFlight: 3, gathers: true }
/** Records that a statement reads at most, unless it reads a single page: so many are held in memory at once. */
const mostRecords = 1000
const mostOnes = 100

/** Makes the reads of a server process. */
export function createRecordReads({ stores }: Pick<Database, 'stores'>): RecordReads {
  const { recordReads } = stores
  const pagesOfForm = new Map<string, (read: PageRead) => Promise<Run<RecordKeyset>>>()

  const readAlone = async (read: PageRead): Promise<Run<RecordKeyset>> => {
    const [page] = await recordReads.pages([read])
    if (page === undefined) throw new Error('a page was not answered')
    return page
  }

  return {
    page(read) {
      const form = formOfPage(read)
      if (form === null) return readAlone(read)
      const known = pagesOfForm.get(form)
      if (known !== undefined) return known(read)
      const most = Math.max(1, Math.floor(mostRecords / read.listing.limit))
      const made = together((reads: readonly PageRead[]) => recordReads.pages(reads), { ...sharing, most })
      pagesOfForm.set(form, made)
      return made(read)
    },

    one: together((reads: readonly OneRead[]) => recordReads.ones(reads), { ...sharing, most: mostOnes }),
  }
}
