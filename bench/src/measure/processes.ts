import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time for /proc in hundredths of a second (USER_HZ) on every platform that we run on. */
const microsPerTick = 10_000

type Process = { readonly pid: number; readonly parent: number; readonly ticks: number }

/** Gives the CPU time of a process and all below it, with that of those which have ended, in microseconds. */
export function cpuMicros(root: number): number {
  return treeOf(root).reduce((sum, { ticks }) => sum + ticks, 0) * microsPerTick
}

/** Gives the resident memory of a process and all below it, in MB. */
export function residentMb(root: number): number {
  return treeOf(root).reduce((sum, { pid }) => sum + statusKb(pid, 'VmRSS'), 0) / 1024
}

/** Gives the parent of a process, or null when it is gone. */
export function parentOf(pid: number): number | null {
  return readProcess(pid)?.parent ?? null
}

/** Gives the name of a process' program, or null when it is gone. */
export function programOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return null
  }
}

function treeOf(root: number): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])
  const tree = all.filter(({ pid }) => pid === root)
  for (const one of tree) tree.push(...all.filter(({ parent }) => parent === one.pid))
  return tree
}

/** Reads /proc/PID/stat (proc(5)): its own time, and that of children that it has waited for. */
function readProcess(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name stands in brackets, and may hold spaces and brackets itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { pid, parent: Number(fields[1]), ticks }
  } catch {
    return null
  }
}

function statusKb(pid: number, field: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}
