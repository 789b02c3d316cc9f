import { terms } from './medical-words.ts'
import { phrases } from './phrases.ts'
import type { Random } from './random.ts'

const findings = phrases(`
  No acute distress. | Vital signs stable. | Alert and oriented. | Reports mild pain since Monday. |
  Follow-up in two weeks. | Denies fever, cough or chest pain. | Sleeps poorly. | Appetite normal. |
  Blood-pressure diary kept. | Medication unchanged. | Laboratory results pending. |
  Wound dry and clean. | Advised to rest. | Referred to a specialist. | Allergy to penicillin noted. |
  Non-smoker.`)

/** Notes in a third of the records: findings, and now and then a term that few records share. */
export function writeNotes(random: Random, display: string): string | null {
  if (!random.percent(33)) return null
  const found = Array.from({ length: 1 + random.below(4) }, () => random.pickSkewed(findings))
  if (random.percent(25)) found.push(`History of ${random.pickSkewed(terms.en).toLowerCase()}.`)
  if (random.percent(10)) found.unshift(`Seen for: ${display}`)
  return [...new Set(found)].join(' ')
}
