import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

/** Asks at the terminal, on standard error; a secret is not shown. Throws CommandFailure when nothing is answered. */
export async function ask(message: string, { isSecret = false } = {}): Promise<string> {
  const { isCancel, password, text } = await import('@clack/prompts')
  let isInterrupted = false
  const notice = (_: unknown, { ctrl, name }: { ctrl?: boolean; name?: string }) => {
    isInterrupted = ctrl === true && name === 'c'
  }
  process.stdin.on('keypress', notice)
  try {
    const answer = await (isSecret ? password : text)({ message, output: process.stderr })
    if (!isCancel(answer)) return answer
    throw new CommandFailure('Cancelled.', isInterrupted ? exitCodes.interrupted : exitCodes.cancelled)
  } finally {
    process.stdin.off('keypress', notice)
  }
}
