import contractVersion from './contract-version.json' with { type: 'json' }
import { DomainError } from './errors.ts'

/** What changed in a version so that older clients go wrong; `subject` is a procedure. */
export type BreakingChange = { readonly version: string; readonly subject: string; readonly message: string }

/** A version of the contract, with all that broke on the way to it. */
export type ContractVersion = { readonly version: string; readonly breaks: readonly BreakingChange[] }

/** The version of this contract; written by `npm run contract -- --write`. */
export const ourContract: ContractVersion = contractVersion

/**
 * Refuses calls of a client that was made for another version of the contract, where they would go wrong: of
 * procedures that have changed since, or of any when the client is ahead of us by more than additions. `given` is
 * what the client says of itself; who says nothing is not judged. Throws `contract-mismatch`, which names what broke.
 */
export function assertContractFits(
  given: string | undefined,
  procedures: readonly string[],
  ours: ContractVersion = ourContract,
): void {
  if (given === undefined || !/^\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(given) || given === ours.version) return
  if (isNewer(lineOf(given), lineOf(ours.version))) {
    throw new DomainError('contract-mismatch', {
      detail: `This client was made for version ${given} of the contract, and this server speaks ${ours.version}: update the server, or use a client of its version.`,
    })
  }
  const broken = ours.breaks.filter(
    ({ version, subject }) => isNewer(numbersOf(version), numbersOf(given)) && procedures.includes(subject),
  )
  if (broken.length === 0) return
  const changes = broken.map(({ version, subject, message }) => `${subject}: ${message} (${version})`)
  throw new DomainError('contract-mismatch', {
    detail: `This client was made for version ${given} of the contract. Since then ${changes.join('; ')}. Update the client.`,
  })
}

/** The numbers of a version that change when something breaks: before 1.0.0 the minor one, too (semver 2.0.0, 4). */
function lineOf(version: string): number[] {
  const [major = 0, minor = 0] = numbersOf(version)
  return major === 0 ? [major, minor] : [major]
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number)
}

function isNewer(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((number, index) => number !== (b[index] ?? 0))
  return place !== -1 && (a[place] ?? 0) > (b[place] ?? 0)
}
