import { getSystemErrorMessage } from 'node:util'

/** Says what the system refused, in its words: `no space left on device`; null for other errors. */
export function systemReason(error: unknown): string | null {
  const { errno, syscall } = (error ?? {}) as NodeJS.ErrnoException
  return errno === undefined || syscall === undefined ? null : getSystemErrorMessage(errno)
}

/** The same, with the file that it was about. */
export function systemMessage(error: unknown): string | null {
  const reason = systemReason(error)
  const { path } = (error ?? {}) as NodeJS.ErrnoException
  return reason === null ? null : `${path ?? 'The system'}: ${reason}.`
}
