import { phrases } from './phrases.ts'

/** Languages of the generated titles; the words of each are made of the same stems. */
export type TitleLanguage = 'en' | 'de' | 'fr' | 'es'

const stems = phrases(`
  Cardi | Neur | Path | Immun | Dermat | Onc | Psych | Hemat | Nephr | Gastr | Hepat | Oste | Arthr |
  Pneum | Endocrin | Gynec | Ophthalm | Radi | Ur | Rheumat | Toxic | Vir | Bacteri | Myc | Parasit |
  Epidemi | Pharmac | Angi | Vascul | Lymph | My | Encephal | Mening | Rhin | Laryng | Ot | Pulm |
  Bronch | Thorac | Col | Enter | Proct | Pancreat | Splen | Thyr | Aden | Mast | Metr | Embry | Cyt |
  Hist | Chondr | Spondyl | Crani | Phleb | Thromb | Cyst | Pyel | Stomat | Gloss | Blephar | Kerat |
  Irid | Ten | Burs | Sarc | Lip | Glyc | Lith | Odont`)

/** Endings of the words above, most common first. */
const endings: Record<TitleLanguage, readonly string[]> = {
  en: phrases(`
  ology | opathy | itis | osis | ectomy | otomy | ography | oscopy | oplasty | ogenesis | omegaly |
  ostomy | orrhaphy | olysis | otherapy | ometry | odynia | osclerosis | otrophy | omalacia |
  oblastoma | ocentesis | odesis | optosis | oplegia | ostenosis | ospasm | omycosis | otoxicity |
  oprotection`),
  de: phrases('ologie | opathie | itis | ose | ektomie | otomie | ographie | oskopie | oplastik | otherapie'),
  fr: phrases('ologie | opathie | ite | ose | ectomie | otomie | ographie | oscopie | oplastie | othérapie'),
  es: phrases('ología | opatía | itis | osis | ectomía | otomía | ografía | oscopia | oplastia | oterapia'),
}

/** Terms of each language, most common first: some thousand in English. */
export const terms: Record<TitleLanguage, readonly string[]> = {
  en: termsOf('en'),
  de: termsOf('de'),
  fr: termsOf('fr'),
  es: termsOf('es'),
}

/** Terms ordered so that both a common stem and a common ending make a common word. */
function termsOf(language: TitleLanguage): string[] {
  const words = stems.flatMap((stem, first) =>
    endings[language].map((ending, second) => ({ word: stem + ending, rank: (first + 1) * (second + 1) })),
  )
  return words.toSorted((a, b) => a.rank - b.rank).map(({ word }) => word)
}

export const englishSubjects = phrases(`
  Internal medicine | Surgery | Nursing | Pediatrics | Public health | Anatomy | Physiology |
  Pharmacology | Psychiatry | Neurology | Cardiology | Oncology | Infectious diseases | Obstetrics |
  Emergency medicine | Anesthesiology | Radiology | Dermatology | Ophthalmology | Medical ethics |
  Rehabilitation | Geriatrics | Nutrition | Dentistry | Medical education | History of medicine |
  Palliative care | Sports medicine | Tropical medicine | Medical statistics | Rare diseases |
  Forensic medicine | Aviation medicine | Diving medicine | Balneology | Medical illustration`)

export const settings = phrases(`
  General Practice | Primary Care | Intensive Care | Children | Older Adults | Pregnancy |
  Adolescents | the Emergency Department | Rural Hospitals | Low-Resource Settings | Sport |
  Long-Term Care | Transit | Military Medicine | Space Flight | Polar Expeditions`)

export const qualities = phrases(`
  Clinical | Modern | Practical | Essential | Applied | Comparative | Molecular | Surgical |
  Experimental | Preventive | Diagnostic | Interventional | Translational | Perioperative | Chronic |
  Acute | Paediatric | Geriatric | Evidence-Based | Minimally Invasive | Computational | Forgotten`)
