import { describe, expect, test } from 'vitest'
import { createReadChange } from '../src/bulk/change.ts'
import { checkPlanned, planChange, type Present } from '../src/bulk/plan.ts'

const book: Present = {
  id: 'book_1',
  version: 3,
  title: 'Fevers',
  status: 'draft',
  subjects: ['fever'],
  contributors: [{ author: { id: 'author_1', name: 'Ann' }, role: 'author' }],
}
const contributors = [{ authorId: 'author_1', role: 'author' }]

describe('a change', () => {
  test.each([
    ['of what is so already', { fields: { title: 'Fevers', contributors, subtitle: null } }, 'unchanged'],
    [
      'names only what is to be another',
      { fields: { title: 'Fevers', subjects: [], contributors: [] } },
      {
        id: 'book_1',
        version: 3,
        before: { subjects: ['fever'], contributors },
        after: { subjects: [], contributors: [] },
      },
    ],
    ['on another version', { version: 2, fields: { title: 'Chills' } }, { column: 'version' }],
    ['that is made, on another version', { version: 2, fields: { title: 'Fevers' } }, 'unchanged'],
    ['of a patient', { fields: { patientId: 'pat_2' } }, { column: 'patientId' }],
  ])('%s', (_what, change, judged) => {
    const given = planChange({ id: 'book_1', ...change }, book)
    if (typeof judged === 'string') expect(given).toBe(judged)
    else expect(given).toMatchObject(judged)
  })

  test('of what is not there, or of a published book to a draft, is refused', () => {
    expect(planChange({ id: 'book_1', fields: { title: 'Chills' } }, null)).toMatchObject({ column: 'id' })
    const published = { ...book, status: 'published' }
    expect(planChange({ id: 'book_1', fields: { status: 'draft' } }, published)).toMatchObject({
      column: 'status',
    })
  })
})

describe('a planned row', () => {
  const row = { id: 'book_1', version: 3, before: {}, after: { title: 'Chills', status: 'published' } }
  test.each([
    ['is done', {}, { version: 3, after: row.after }],
    ['is passed over when it is done', { version: 5, title: 'Chills', status: 'published' }, 'unchanged'],
    [
      'goes on with the status',
      { version: 4, title: 'Chills' },
      { version: 4, after: { status: 'published' } },
    ],
    ['is refused when somebody else changed it', { version: 4, title: 'Ague' }, { column: 'version' }],
    ['is refused when it was changed twice', { version: 5, title: 'Chills' }, { column: 'version' }],
  ])('%s', (_what, changed, judged) => {
    const given = checkPlanned(row, { ...book, ...changed })
    if (typeof judged === 'string') expect(given).toBe(judged)
    else expect(given).toMatchObject(judged)
  })
})

describe('a row of changes', () => {
  const id = 'book_01jd3xq5e0f2q8n4v6z8a1b3d2'
  const read = async (cells: Record<string, string>, isEmptyNull = false) =>
    (await createReadChange('books', { set: {}, isEmptyNull }))({ line: 2, end: 2, cells: { id, ...cells } })

  test('is read as an export writes it', async () => {
    const exported = {
      title: "'=1",
      subtitle: '',
      isbn13: '978-0-14-044913-6',
      subjects: 'a; b',
      contributors: '[{"author":{"id":"author_01jd3xq5e0f2q8n4v6z8a1b3d1","name":"Ann"},"role":"editor"}]',
      createdAt: 'ignored',
      version: '7',
      reason: 'ignored',
    }
    expect(await read(exported)).toEqual({
      id,
      version: 7,
      fields: {
        title: '=1',
        isbn13: '9780140449136',
        subjects: ['a', 'b'],
        contributors: [{ authorId: 'author_01jd3xq5e0f2q8n4v6z8a1b3d1', role: 'editor' }],
      },
    })
  })

  test('takes empty cells away only when that is asked for', async () => {
    expect(await read({ subtitle: '', status: '', version: '' }, true)).toMatchObject({
      fields: { subtitle: null },
    })
    expect(await read({ title: '' }, true)).toMatchObject({ column: 'title' })
  })

  test.each([
    [{ colour: 'red' }, { column: 'colour' }],
    [{ status: 'gone' }, { column: 'status' }],
    [{ version: 'two' }, { column: 'version' }],
    [{ isbn13: '1' }, { column: 'isbn13' }],
  ])('%j is refused', async (cells, refusal) => {
    expect(await read(cells)).toMatchObject(refusal)
  })
})
