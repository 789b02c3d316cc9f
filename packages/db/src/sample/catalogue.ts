import type { Relator } from '@casebook/api/books'

/** A person as `Given Family`, the family name last; with another role than author as a pair. */
type Who = string | readonly [name: string, role: Relator]
export type SampleBook = {
  readonly title: string
  readonly subtitle?: string
  readonly year: number
  readonly language: string
  readonly subjects: readonly string[]
  readonly who: readonly Who[]
  readonly isDraft?: boolean
}

/** A small catalogue of medical books: facts of works that every medical library has. */
export const sampleCatalogue: readonly SampleBook[] = [
  {
    title: 'Notes on Nursing',
    subtitle: 'What It Is, and What It Is Not',
    year: 1859,
    language: 'en',
    subjects: ['Nursing'],
    who: ['Florence Nightingale'],
  },
  {
    title: 'Notes on Hospitals',
    year: 1859,
    language: 'en',
    subjects: ['Hospitals', 'Hygiene'],
    who: ['Florence Nightingale'],
  },
  {
    title: 'De humani corporis fabrica',
    year: 1543,
    language: 'la',
    subjects: ['Anatomy'],
    who: ['Andreas Vesalius'],
  },
  {
    title: 'Exercitatio anatomica de motu cordis et sanguinis in animalibus',
    year: 1628,
    language: 'la',
    subjects: ['Blood circulation', 'Physiology'],
    who: ['William Harvey'],
  },
  {
    title: 'Anatomy',
    subtitle: 'Descriptive and Surgical',
    year: 1858,
    language: 'en',
    subjects: ['Anatomy'],
    who: ['Henry Gray', ['Henry Vandyke Carter', 'illustrator']],
  },
  {
    title: 'The Principles and Practice of Medicine',
    year: 1892,
    language: 'en',
    subjects: ['Internal medicine'],
    who: ['William Osler'],
  },
  {
    title: 'Aequanimitas',
    year: 1904,
    language: 'en',
    subjects: ['Medical ethics', 'Physicians'],
    who: ['William Osler'],
  },
  {
    title: 'On the Mode of Communication of Cholera',
    year: 1849,
    language: 'en',
    subjects: ['Cholera', 'Epidemiology'],
    who: ['John Snow'],
  },
  {
    title: 'Die Ätiologie, der Begriff und die Prophylaxis des Kindbettfiebers',
    year: 1861,
    language: 'de',
    subjects: ['Puerperal septicemia', 'Hygiene'],
    who: ['Ignaz Semmelweis'],
  },
  {
    title: 'Die Cellularpathologie',
    year: 1858,
    language: 'de',
    subjects: ['Pathology', 'Cells'],
    who: ['Rudolf Virchow'],
  },
  {
    title: 'Introduction à l’étude de la médecine expérimentale',
    year: 1865,
    language: 'fr',
    subjects: ['Physiology', 'Medicine, Experimental'],
    who: ['Claude Bernard'],
  },
  {
    title: 'De l’auscultation médiate',
    year: 1819,
    language: 'fr',
    subjects: ['Auscultation', 'Lungs'],
    who: ['René Laennec'],
  },
  {
    title: 'An Inquiry into the Causes and Effects of the Variolae Vaccinae',
    year: 1798,
    language: 'en',
    subjects: ['Smallpox', 'Vaccination'],
    who: ['Edward Jenner'],
  },
  {
    title: 'A Treatise of the Scurvy',
    year: 1753,
    language: 'en',
    subjects: ['Scurvy'],
    who: ['James Lind'],
  },
  {
    title: 'An Account of the Foxglove, and Some of Its Medical Uses',
    year: 1785,
    language: 'en',
    subjects: ['Digitalis', 'Heart'],
    who: ['William Withering'],
  },
  {
    title: 'De sedibus et causis morborum per anatomen indagatis',
    year: 1761,
    language: 'la',
    subjects: ['Pathology'],
    who: ['Giovanni Battista Morgagni'],
  },
  {
    title: 'An Essay on the Shaking Palsy',
    year: 1817,
    language: 'en',
    subjects: ['Parkinson disease', 'Neurology'],
    who: ['James Parkinson'],
  },
  {
    title: 'The Integrative Action of the Nervous System',
    year: 1906,
    language: 'en',
    subjects: ['Nervous system', 'Physiology'],
    who: ['Charles Scott Sherrington'],
  },
  {
    title: 'Textura del sistema nervioso del hombre y de los vertebrados',
    year: 1899,
    language: 'es',
    subjects: ['Nervous system', 'Histology'],
    who: ['Santiago Ramón y Cajal'],
  },
  {
    title: 'The Merck Manual of the Materia Medica',
    year: 1899,
    language: 'en',
    subjects: ['Materia medica'],
    who: ['Merck & Co.'],
  },
  {
    title: 'The Diseases of Infancy and Childhood',
    year: 1897,
    language: 'en',
    subjects: ['Pediatrics'],
    who: ['L. Emmett Holt'],
  },
  {
    title: 'Hospital Sketches',
    year: 1863,
    language: 'en',
    subjects: ['Nursing', 'Hospitals'],
    who: ['Louisa May Alcott'],
  },
  {
    title: 'Pioneer Work in Opening the Medical Profession to Women',
    year: 1895,
    language: 'en',
    subjects: ['Women physicians'],
    who: ['Elizabeth Blackwell'],
  },
  {
    title: 'Anomalies and Curiosities of Medicine',
    year: 1896,
    language: 'en',
    subjects: ['Medicine'],
    who: ['George M. Gould', 'Walter L. Pyle'],
  },
  {
    title: 'The Genuine Works of Hippocrates',
    year: 1849,
    language: 'en',
    subjects: ['Medicine, Greek and Roman'],
    who: ['Hippocrates', ['Francis Adams', 'translator']],
  },
  {
    title: 'The Canon of Medicine',
    year: 1930,
    language: 'en',
    subjects: ['Medicine, Arab'],
    who: ['Avicenna', ['Oskar Cameron Gruner', 'translator']],
  },
  {
    title: 'Religio Medici',
    year: 1643,
    language: 'en',
    subjects: ['Physicians', 'Christian life'],
    who: ['Thomas Browne'],
  },
  {
    title: 'Observationes medicae',
    year: 1676,
    language: 'la',
    subjects: ['Fever', 'Epidemics'],
    who: ['Thomas Sydenham'],
  },
  {
    title: 'Traité médico-philosophique sur l’aliénation mentale',
    year: 1801,
    language: 'fr',
    subjects: ['Psychiatry'],
    who: ['Philippe Pinel'],
  },
  {
    title: 'Medical Essays, 1842–1882',
    year: 1883,
    language: 'en',
    subjects: ['Medicine'],
    who: ['Oliver Wendell Holmes'],
  },
  {
    title: 'The Interpretation of Dreams',
    year: 1913,
    language: 'en',
    subjects: ['Dreams', 'Psychoanalysis'],
    who: ['Sigmund Freud', ['A. A. Brill', 'translator']],
  },
  {
    title: 'Experiments and Observations on the Gastric Juice, and the Physiology of Digestion',
    year: 1833,
    language: 'en',
    subjects: ['Digestion', 'Physiology'],
    who: ['William Beaumont'],
  },
  {
    title: 'A Casebook of Rare Fevers',
    year: 2026,
    language: 'en',
    subjects: ['Fever'],
    who: ['Amara Osei'],
    isDraft: true,
  },
  {
    title: 'Teaching from the Record',
    year: 2026,
    language: 'en',
    subjects: ['Medical education'],
    who: ['Amara Osei', ['Jonas Lindqvist', 'editor']],
    isDraft: true,
  },
]
