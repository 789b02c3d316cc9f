const text = { type: 'string' } as const
const whole = { type: 'integer' } as const

/** JSON Schema of a book, of which Fastify compiles what writes it. */
export const bookJsonSchema = {
  type: 'object',
  properties: {
    id: text,
    title: text,
    subtitle: text,
    isbn13: text,
    language: text,
    publishedOn: text,
    status: text,
    description: text,
    subjects: { type: 'array', items: text },
    contributors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { author: { type: 'object', properties: { id: text, name: text } }, role: text },
      },
    },
    createdAt: text,
    updatedAt: text,
    version: whole,
  },
} as const

/** JSON Schema of a record. */
export const recordJsonSchema = {
  type: 'object',
  properties: {
    id: text,
    patientId: text,
    date: text,
    kind: text,
    status: text,
    title: text,
    code: { type: 'object', properties: { system: text, code: text, display: text } },
    notes: text,
    clinician: text,
    createdAt: text,
    updatedAt: text,
    version: whole,
  },
} as const
