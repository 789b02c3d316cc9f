import { describe, expect, test } from 'vitest'
import { CasebookError, isCasebookError, toCasebookError } from '../src/errors.ts'
import { createPatientFetch, type Fetch } from '../src/fetch.ts'

/** A fetch that gives these answers in turn, and counts how often it was asked. */
function answering(...answers: (Response | Error)[]) {
  let asked = 0
  const fetch: Fetch = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    if (answer === undefined || answer instanceof Error) throw answer
    return answer
  }
  return { fetch, asked: () => asked }
}
const away = new TypeError('fetch failed')
const busy = () => new Response('', { status: 503, headers: { 'retry-after': '0' } })
const fine = () => new Response('fine')

describe('a read', () => {
  test('is tried again when the server is away or busy', async () => {
    const { fetch, asked } = answering(away, busy(), fine())
    const answer = await createPatientFetch({ fetch, timeoutMs: 1000, retries: 2 })('http://x')
    expect([answer.status, asked()]).toEqual([200, 3])
  })

  test('gives what there is when its tries are used up', async () => {
    const { fetch, asked } = answering(busy())
    const answer = await createPatientFetch({ fetch, timeoutMs: 1000, retries: 1 })('http://x')
    expect([answer.status, asked()]).toEqual([503, 2])
  })

  test('is not tried again when its caller has had enough', async () => {
    const { fetch, asked } = answering(away)
    const patient = createPatientFetch({ fetch, timeoutMs: 1000, retries: 5 })
    await expect(patient('http://x', { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(asked()).toBe(1)
  })

  test('is given up when no answer begins in time', async () => {
    const never: Fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
      })
    const patient = createPatientFetch({ fetch: never, timeoutMs: 20, retries: 0 })
    const thrown = await patient('http://x').catch((error: unknown) => error)
    expect(toCasebookError(thrown, 'http://x')).toMatchObject({
      code: 'UNREACHABLE',
      reason: 'timed-out',
      message: 'http://x did not answer in time.',
    })
  })
})

test('a change is sent once, whatever happens', async () => {
  const { fetch, asked } = answering(away)
  const patient = createPatientFetch({ fetch, timeoutMs: 1000, retries: 5 })
  await expect(patient('http://x', { method: 'POST' })).rejects.toThrow()
  expect(asked()).toBe(1)
})

test('an error is known as ours, and as an Error', () => {
  const error = new CasebookError({ code: 'NOT_FOUND', reason: 'not-found', message: 'gone' })
  expect([isCasebookError(error), error instanceof Error, error.name]).toEqual([true, true, 'CasebookError'])
  expect(isCasebookError(new Error('other'))).toBe(false)
})
