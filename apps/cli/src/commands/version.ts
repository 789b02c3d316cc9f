import { contractVersion } from '@casebook/client'
import { askServer } from '../server-state.ts'
import type { Settings } from '../settings.ts'
import { version } from '../version.ts'

/** `casebook --version`: ours, and with `--json` the server's, and whether both speak one contract. */
export async function showVersion(settings: Settings): Promise<void> {
  if (settings.output !== 'json') {
    process.stdout.write(`${version}\n`)
    return
  }
  const server = await askServer(settings)
  process.stdout.write(`${JSON.stringify({ version, contract: contractVersion, server }, null, 2)}\n`)
}
