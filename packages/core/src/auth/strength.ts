import type { ZxcvbnFactory } from '@zxcvbn-ts/core'

/** What comes after them only makes a password stronger, and costs time. */
const judgedCharacters = 40

let estimator: Promise<ZxcvbnFactory> | undefined

/**
 * Says why a password is easily guessed and what to do, or null when it is not (zxcvbn score 2 or better: more
 * than 10^8 guesses). `context` are words that an attacker tries first: the user's name and address. It is up to 50 ms
 * of work, and the first time loads dictionaries: not for a thread that has others to answer.
 */
export async function guessablePassword(
  password: string,
  context: readonly string[],
): Promise<string | null> {
  estimator ??= loadEstimator()
  const words = context
    .flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length > 2)
  const { score, feedback } = (await estimator).check(password.slice(0, judgedCharacters), words)
  if (score >= 2) return null
  const why = feedback.warning === null ? 'The password is easily guessed.' : feedback.warning
  return [why, 'Take a longer one, for instance of four unrelated words.'].join(' ')
}

async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [core, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
    // Of the ways to read symbols as letters; 100, as by default, take seven times as long.
    l33tMaxSubstitutions: 8,
  })
}
