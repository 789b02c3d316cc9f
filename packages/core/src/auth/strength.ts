import type { ZxcvbnFactory } from '@zxcvbn-ts/core'

let estimator: Promise<ZxcvbnFactory> | undefined

/**
 * Says why a password is easily guessed and what to do, or null when it is not (zxcvbn score 2 or better: more
 * than 10^8 guesses). `context` are words that an attacker tries first: the user's name and address.
 */
export async function guessablePassword(
  password: string,
  context: readonly string[],
): Promise<string | null> {
  estimator ??= loadEstimator()
  const words = context
    .flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length > 2)
  const { score, feedback } = (await estimator).check(password.slice(0, 100), words)
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
  })
}
