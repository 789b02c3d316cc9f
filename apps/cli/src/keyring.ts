import { exitCodes } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'

/**
 * Tells whether the system has a keyring that is open: the Secret Service on Linux, whose replacement in the kernel
 * forgets at the next start, and is none.
 */
export async function hasKeyring(): Promise<boolean> {
  try {
    ;(await entryOf('casebook')).getPassword()
    return true
  } catch {
    return false
  }
}

/** Reads a secret out of the keyring; null when it is not there. Throws CommandFailure. */
export async function readSecret(name: string): Promise<string | null> {
  const entry = await entryOf(name)
  return guarded(() => entry.getPassword())
}

/** Puts a secret into the keyring. Throws CommandFailure. */
export async function writeSecret(name: string, secret: string): Promise<void> {
  const entry = await entryOf(name)
  guarded(() => entry.setPassword(secret))
}

/** Takes a secret out of the keyring, where it is. Throws CommandFailure. */
export async function removeSecret(name: string): Promise<void> {
  const entry = await entryOf(name)
  guarded(() => entry.deleteCredential())
}

async function entryOf(name: string) {
  const { Entry } = await import('@napi-rs/keyring')
  return new Entry('casebook', name, { linux: { store: 'secret-service' } })
}

function guarded<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw new CommandFailure(
      `The keyring of this system cannot be used: ${(cause as Error).message}`,
      exitCodes.failure,
      'unlock it, or keep tokens in a file: casebook login --store file',
    )
  }
}
