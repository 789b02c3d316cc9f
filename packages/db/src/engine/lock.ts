import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from './engine-error.ts'

const waitMs = 20_000

/**
 * Takes a data folder for this process: refuses while another living server has it, and waits for the engine of
 * one that has died to end. Throws EngineError. The result gives the folder back.
 */
export async function takeFolder(folder: string, dataFolder: string): Promise<() => void> {
  const lockFile = join(folder, 'casebook.pid')
  const enginePid = () => firstNumber(join(dataFolder, 'postmaster.pid'))
  const owner = firstNumber(lockFile)
  const deadline = Date.now() + waitMs
  while (isAlive(enginePid())) {
    if (owner !== null && owner !== process.pid && isAlive(owner)) {
      throw new EngineError(
        `The data folder ${folder} is in use by the server with process id ${owner}: stop that one, or set DATA_DIR to another folder.`,
      )
    }
    if (Date.now() > deadline) {
      throw new EngineError(
        `The PostgreSQL of an earlier server (process id ${enginePid()}) still has the data folder ${folder}: end it, then start again.`,
      )
    }
    await sleep(50)
  }
  writeFileSync(lockFile, `${process.pid}\n`)
  return () => {
    if (firstNumber(lockFile) === process.pid) rmSync(lockFile, { force: true })
  }
}

function firstNumber(file: string): number | null {
  if (!existsSync(file)) return null
  const number = Number.parseInt(readFileSync(file, 'utf8'), 10)
  return Number.isNaN(number) ? null : number
}

function isAlive(pid: number | null): boolean {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
