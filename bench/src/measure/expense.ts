import type { Bench } from '../bench.ts'
import { cpuMicros } from './processes.ts'
import { settle } from './settle.ts'

/** CPU time in microseconds; null where there is no such process, or it runs elsewhere. */
export type Expense = { readonly server: number | null; readonly database: number | null }

/** Does work and tells what CPU it took the server, if there is one, and the database, until both are calm again. */
export async function measureExpense<T>(
  { cluster }: Bench,
  pid: number | null,
  work: () => Promise<T>,
): Promise<{ result: T; expense: Expense }> {
  const used = () => ({ server: pid === null ? null : cpuMicros(pid), database: cluster.cpuMicros() })
  const before = used()
  const result = await work()
  await settle(() => {
    const { server, database } = used()
    return (server ?? 0) + (database ?? 0)
  })
  const after = used()
  const difference = (end: number | null, start: number | null) =>
    end === null || start === null ? null : end - start
  return {
    result,
    expense: {
      server: difference(after.server, before.server),
      database: difference(after.database, before.database),
    },
  }
}
