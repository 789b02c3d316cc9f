import { contractVersion, isCasebookError } from '@casebook/client'
import { createReachingFetch } from './reach.ts'
import { connect } from './session.ts'
import type { Settings } from './settings.ts'

/** What there is at an address. */
export type ServerState = {
  readonly url: string
  readonly reachable: boolean
  readonly version?: string
  /** Whether it answers calls of our contract; absent when nothing could be asked. */
  readonly fits?: boolean
  /** What is the matter, where something is. */
  readonly problem?: string
}

/** Asks a server for its version, and whether the contracts fit; never throws for what it answers. */
export async function askServer(settings: Settings): Promise<ServerState> {
  const { url } = settings
  const answer = await ask(url, '/healthz')
  if (answer === null) return { url, reachable: false, problem: `${url} cannot be reached.` }
  const version = versionIn(answer.text)
  if (version === undefined)
    return { url, reachable: true, fits: false, problem: `What answers at ${url} is not Casebook.` }
  const problem = version === contractVersion ? null : await mismatchOf(settings)
  return { url, reachable: true, version, fits: problem === null, ...(problem === null ? {} : { problem }) }
}

export type Answer = { readonly status: number; readonly text: string; readonly at: Date | null }

/** Asks for a page of a server; null when none comes within seconds. */
export async function ask(url: string, path: string): Promise<Answer | null> {
  try {
    const answer = await createReachingFetch()(`${url}${path}`, { signal: AbortSignal.timeout(3500) })
    const date = answer.headers.get('date')
    return { status: answer.status, text: await answer.text(), at: date === null ? null : new Date(date) }
  } catch {
    return null
  }
}

function versionIn(text: string): string | undefined {
  try {
    const { status, version } = JSON.parse(text) as { status?: unknown; version?: unknown }
    return status === 'ok' && typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

/** Why calls are refused to us as to a client of another contract, or null when they are not. */
async function mismatchOf(settings: Settings): Promise<string | null> {
  try {
    await connect(settings, null).books.list.query({ limit: 1 })
    return null
  } catch (error) {
    return isCasebookError(error) && error.reason === 'contract-mismatch' ? error.message : null
  }
}
