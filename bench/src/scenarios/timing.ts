import type { Bench } from '../bench.ts'
import { median, quantile } from '../measure/statistics.ts'
import type { Line, Outcome } from '../outcome.ts'
import { account } from '../setup/database.ts'
import { startOurs } from '../setup/server.ts'

/** Of each kind, in each round. */
const tries = 40
/** One less than what locks an account. */
const wrongInARow = 9

type Kind = { readonly who: string; readonly username: string; readonly times: number[] }

/** What the time of a failed login tells about whether somebody has the user name. */
export async function measureTiming(bench: Bench): Promise<Outcome> {
  const { url: databaseUrl } = await bench.lookups()
  const wide = { LIMIT_LOGINS_PER_MINUTE: '9999', LIMIT_LOGINS_PER_ADDRESS: '9999' }
  await using server = await startOurs(bench, databaseUrl, wide)
  const logIn = async (username: string, password: string, expected: number) => {
    const began = performance.now()
    const answer = await fetch(`${server.url}/api/user/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })
    await answer.arrayBuffer()
    if (answer.status !== expected) throw new Error(`a login was answered by ${answer.status}`)
    return performance.now() - began
  }
  const known: Kind = { who: 'a user name that somebody has', username: account.username, times: [] }
  const unknown: Kind = { who: 'a user name that nobody has', username: 'nobody-at-all', times: [] }
  const wrong = 'seven wrong guesses at it'
  await logIn(unknown.username, wrong, 400)
  for (let place = 0; place < bench.options.rounds * tries; place += 1) {
    if (place % wrongInARow === 0) await logIn(account.username, account.password, 200)
    // In turns, and each of them first every other time.
    for (const { username, times } of place % 2 === 0 ? [known, unknown] : [unknown, known])
      times.push(await logIn(username, wrong, 400))
  }
  const ratio = median(known.times) / median(unknown.times)
  const line = ({ who, times }: Kind): Line => ({
    work: 'login with a wrong password',
    who,
    isOurs: true,
    amount: median(times),
    unit: 'ms',
    serverMicros: null,
    databaseMicros: null,
    ratio: median(times) / median(unknown.times),
    note: `median of ${times.length}, p90 ${quantile(times, 0.9).toFixed(1)} ms`,
  })
  return {
    scenario: 'timing',
    title: 'Failed logins, with a user name that somebody has and with one that nobody has',
    lines: [line(known), line(unknown)],
    goals: [
      {
        claim: 'time of a failed login, known user name against unknown or the other way round',
        value: Math.max(ratio, 1 / ratio),
        bound: 1.05,
        sense: 'at most',
        unit: '×',
      },
    ],
  }
}
