import { residentMb } from './processes.ts'

const everyMs = 50

/** Watches the resident memory of a process and all below it until it is stopped; gives the most that it saw, in MB. */
export function watchMemory(pid: number): () => number {
  let peak = residentMb(pid)
  const look = () => (peak = Math.max(peak, residentMb(pid)))
  const timer = setInterval(look, everyMs)
  return () => {
    clearInterval(timer)
    return look()
  }
}
