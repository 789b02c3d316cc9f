import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import {
  copiedParts,
  embeddedParts,
  embeddedUrl,
  startEmbedded,
  type EmbeddedEngine,
  type EmbeddedParts,
} from '../engine/embedded.ts'

/** A PostgreSQL of the test's own, which may be stopped, killed, and started again with its data. */
export type Cluster = AsyncDisposable & {
  readonly url: string
  /** Runs a statement in a session of its own, and gives the first value that it answers. */
  ask(statement: string): Promise<unknown>
  start(): Promise<void>
  stop(): Promise<void>
  /** Kills the postmaster and every process of it, as a machine does that loses its power. */
  kill(): Promise<void>
}

/** Starts one; `settings` are its `-c` settings. By default it keeps what it has acknowledged. */
export async function openCluster(settings: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'casebook-cluster-'))
  const parts = await enginePartsFor(folder)
  let engine: EmbeddedEngine | null = await startEmbedded(folder, parts, settings)
  const stop = async () => {
    await engine?.stop()
    engine = null
  }
  return {
    url: embeddedUrl(folder),
    async ask(statement) {
      const client = new pg.Client({ connectionString: embeddedUrl(folder) })
      await client.connect()
      try {
        const { rows } = await client.query<unknown[]>({ text: statement, rowMode: 'array' })
        return rows[0]?.[0]
      } finally {
        await client.end()
      }
    },
    async start() {
      engine = await startEmbedded(folder, parts, settings)
    },
    stop,
    async kill() {
      const postmaster = Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10)
      const all = [postmaster, ...childrenOf(postmaster)]
      for (const pid of all) process.kill(pid, 'SIGKILL')
      while (all.some(isAlive)) await pause(5)
      await stop()
    },
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Finds what it takes to run PostgreSQL here, with its data below a folder. Throws where it cannot run. */
export async function enginePartsFor(folder: string): Promise<EmbeddedParts> {
  const parts = (await embeddedParts(folder)) ?? (await copiedParts(folder))
  if (parts === null) throw new Error('the embedded PostgreSQL cannot run here')
  return parts
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent)
}

function isAlive(pid: number): boolean {
  const stat = statOf(pid)
  return stat !== null && stat.state !== 'Z'
}

/** State and parent of a process (proc(5)); its name, in brackets, may hold anything. */
function statOf(pid: number): { state: string; parent: number } | null {
  try {
    const [state = '', parent] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return { state, parent: Number(parent) }
  } catch {
    return null
  }
}
