import { errorCatalogue, isErrorReason } from '@casebook/api'
import { procedures } from '../equivalence/procedures.ts'
import type { RawAnswer } from '../raw-http.ts'
import { checkJson, mediaOf, type Documented } from './documented.ts'
import type { FuzzRequest } from './request.ts'
import { pathOf } from './judge.ts'

const outputs = new Map(procedures.map(({ name, output }) => [name, output]))

/** Holds an answer over tRPC against its protocol, our errors, and the outputs of the procedures. */
export function judgeTrpc(request: FuzzRequest, answer: RawAnswer, documented: Documented): string | null {
  const { status, headers, body } = answer
  const media = mediaOf(headers)
  if (request.method === 'OPTIONS' && status === 204) return null
  if (request.method === 'HEAD') return body.length === 0 ? null : 'a body for HEAD'
  if (media === 'application/problem+json') return documented.judgeProblem(answer)
  if (media !== 'application/json') return `«${media}» over tRPC`
  if (headers.get('transfer-encoding') === 'chunked') return judgeLines(body)
  const names = pathOf(request)
    .replace(/^\/trpc\//, '')
    .split(',')
  return checkJson(body, (value) => {
    if (!Array.isArray(value))
      return judgeOne(value, { name: names.length === 1 ? names[0] : undefined, status }, documented)
    const wrong = value.map((one, index) => judgeOne(one, { name: names[index], status: null }, documented))
    return wrong.find((one) => one !== null) ?? null
  })
}

type Envelope = {
  readonly result?: { readonly data?: unknown }
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown }
}
type Told = { readonly reason?: unknown; readonly code?: unknown; readonly httpStatus?: unknown }

function judgeOne(
  value: unknown,
  { name, status }: { name: string | undefined; status: number | null },
  documented: Documented,
): string | null {
  const { result, error } = value as Envelope
  if (error === undefined) {
    const output = outputs.get(decode(name ?? ''))
    if (result === undefined) return 'neither a result nor an error'
    if (status !== null && status !== 200) return `a result with ${status}`
    return output === undefined ? null : documented.judgeValue(output, result.data ?? null)
  }
  const { reason, code, httpStatus } = error.data as Told
  if (typeof reason !== 'string' || !isErrorReason(reason)) return `the reason ${String(reason)}`
  const entry = errorCatalogue[reason]
  if (entry.status >= 500 && entry.status !== 503) return `the reason ${reason}`
  if (code !== entry.code || httpStatus !== entry.status)
    return `${reason} with ${String(code)} ${String(httpStatus)}`
  return status === null || status === entry.status ? null : `${reason} with the status ${status}`
}

/** A stream of tRPC's is JSON a line (or none, between two). */
function judgeLines(body: Buffer): string | null {
  if (body.includes('"reason":"unexpected"')) return 'an unexpected failure in a stream'
  const lines = body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines.map((line) => checkJson(Buffer.from(line), () => null)).find((one) => one !== null) ?? null
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
