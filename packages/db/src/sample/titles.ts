import { englishSubjects, qualities, settings, terms, type TitleLanguage } from './medical-words.ts'
import type { Random } from './random.ts'

export type GeneratedText = {
  readonly title: string
  readonly subtitle: string | null
  readonly description: string | null
  readonly subjects: readonly string[]
  readonly language: string | null
}

type Write = (term: string, random: Random) => string

/** Title patterns, most common first; each is given one term. */
const titles: Record<TitleLanguage, readonly Write[]> = {
  en: [
    (term, random) => `${random.pickSkewed(qualities)} ${term}`,
    (term, random) => `${term} in ${random.pickSkewed(settings)}`,
    (term) => `Handbook of ${term}`,
    (term, random) => `${term} and ${random.pickSkewed(terms.en)}`,
    (term) => `Principles and Practice of ${term}`,
    (term) => `An Introduction to ${term}`,
    (term, random) => `${term}: ${2 + random.below(98)} Cases`,
    (term) => `The Patient with ${term}`,
    (term, random) => `A History of ${random.pickSkewed(qualities)} ${term}`,
  ],
  de: [(term) => `Lehrbuch der ${term}`, (term) => `Praxis der ${term}`, (term) => `${term} im Überblick`],
  fr: [(term) => `Traité de ${term}`, (term) => `${term} pratique`, (term) => `Précis de ${term}`],
  es: [(term) => `Manual de ${term}`, (term) => `${term} clínica`, (term) => `Fundamentos de ${term}`],
}

const subtitles: readonly Write[] = [
  () => 'A Clinical Guide',
  () => 'A Textbook for Students and Practitioners',
  () => 'Diagnosis and Treatment',
  (term) => `With Special Reference to ${term}`,
  (_, random) => `Lessons from ${random.pickSkewed(settings)}`,
  (_, random) => `A ${random.pickSkewed(qualities)} Approach`,
  () => 'Questions and Answers',
]

const sentences: readonly Write[] = [
  (term) => `This volume treats ${term.toLowerCase()} from first symptoms to follow-up.`,
  (term) => `Each chapter ends with a case of ${term.toLowerCase()} and questions for discussion.`,
  (_, random) => `Written for those who work in ${random.pickSkewed(settings).toLowerCase()}.`,
  (term) => `A new chapter covers ${term.toLowerCase()} and its complications.`,
  (_, random) => `With ${10 + random.below(400)} illustrations and a glossary.`,
]

const tags: readonly [share: number, language: TitleLanguage, tag: string | null][] = [
  [62, 'en', 'en'],
  [8, 'en', 'en-GB'],
  [9, 'de', 'de'],
  [8, 'es', 'es'],
  [1, 'es', 'es-MX'],
  [7, 'fr', 'fr'],
  [1, 'fr', 'fr-CA'],
  [1, 'de', 'de-CH'],
  [3, 'en', null],
]

/** Writes what a generated book says of itself. */
export function writeText(random: Random): GeneratedText {
  const [, language, tag] = pickTag(random)
  const vocabulary = terms[language]
  const write = (from: readonly Write[]) => random.pickSkewed(from)(random.pickSkewed(vocabulary), random)
  return {
    title: write(titles[language]),
    subtitle: language === 'en' && random.percent(45) ? write(subtitles) : null,
    description:
      language === 'en' && random.percent(40)
        ? Array.from({ length: 1 + random.below(3) }, () => write(sentences)).join(' ')
        : null,
    subjects: pickSubjects(random),
    language: tag,
  }
}

function pickTag(random: Random): (typeof tags)[number] {
  let rest = random.below(100)
  const found = tags.find(([share]) => (rest -= share) < 0)
  if (found === undefined) throw new Error('the shares of the languages do not add up to 100')
  return found
}

/** None to four subjects, general ones and terms. */
function pickSubjects(random: Random): string[] {
  const subjects = Array.from({ length: random.below(5) }, () =>
    random.percent(70) ? random.pickSkewed(englishSubjects) : random.pickSkewed(terms.en),
  )
  return [...new Set(subjects)]
}
