import { phrases } from './phrases.ts'
import type { Random } from './random.ts'

const givenNames = phrases(`
  Maria | Anna | David | Elena | Thomas | Laura | Peter | Sofia | Daniel | Ingrid | Ahmed | Mei |
  Samuel | Nadia | Oliver | Priya | Lukas | Amina | Jorge | Helen | Kenji | Clara | Viktor | Zoë |
  Rafael | Leila | Magnus | Teresa | Omar | Judith | Andrei | Chloé | Femi | Astrid | Tomás | Yuki |
  Nils | Farida | Hugo | Ruth | Stefan | Imani | Pavel | Renée | Diego | Salma | Erik | Lin`)

/** Beginnings and ends of family names: any pair makes one. */
const beginnings = phrases(`
  Harr | Lind | Mor | Ber | Kov | Ald | San | Wes | Tan | Rich | Fer | Nor | Dal | Hol | Pet | Kar |
  Vas | Ell | Gar | Bran | Ost | Mar | Sil | Cor | Jan | Rav | Thorn | Ash | Bel | Zim | Oka | Nak |
  Adey | Hass | Quin | Strand | Wol | Ives | Lam | Dun`)
const ends = phrases(`
  son | berg | ov | ez | er | ini | ton | sen | mann | ić | ley | ström | elli | wood | ard | ani |
  eau | ski | opoulos | ura | emi | field | gren | ides | well | ano | ek | dale | ou | ing`)
const familyNames = ends.flatMap((end) => beginnings.map((beginning) => beginning + end))
const initials = Array.from('ABCDEFGHJKLMNPRSTW')

export type PersonName = { readonly name: string; readonly sortName: string }

/** Makes up a person's name, as it is said and as it is filed. */
export function makeUpName(random: Random): PersonName {
  const first = random.pickSkewed(givenNames)
  const given = random.percent(40) ? `${first} ${random.pick(initials)}.` : first
  const family = makeUpFamilyName(random)
  return { name: `${given} ${family}`, sortName: `${family}, ${given}` }
}

export function makeUpFamilyName(random: Random): string {
  const single = random.pickSkewed(familyNames)
  return random.percent(6) ? `${single}-${random.pick(familyNames)}` : single
}
