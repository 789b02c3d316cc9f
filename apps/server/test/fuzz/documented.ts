import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { RawAnswer } from '../raw-http.ts'

type Content = Readonly<Record<string, object>>
type OperationObject = { readonly responses: Readonly<Record<string, { readonly content?: Content }>> }
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>> }

/** What the document says that an operation answers. */
export type Operation = {
  readonly name: string
  /** What is wrong with an answer, or null. */
  judge(answer: RawAnswer, options: { readonly hasBody: boolean }): string | null
}

export type Documented = {
  readonly operations: readonly string[]
  find(method: string, path: string): Operation | null
  judgeProblem(answer: RawAnswer): string | null
  /** What is wrong with a value by a schema, or null. */
  judgeValue(schema: object, value: unknown): string | null
}

/** Reads a document, to hold answers against it. */
export function readDocument(text: string): Documented {
  const document = JSON.parse(text) as Document
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'document')
  const compiled = new Map<string, ValidateFunction>()
  const own = new Map<object, ValidateFunction>()
  const checkAt = (pointer: readonly string[], value: unknown): string | null => {
    const $ref = `document#/${pointer.map(escapePointer).join('/')}`
    const validate = compiled.get($ref) ?? ajv.compile({ $ref })
    compiled.set($ref, validate)
    return validate(value) ? null : `the schema is not met: ${ajv.errorsText(validate.errors)}`
  }
  const judgeProblem = ({ headers, body }: RawAnswer): string | null => {
    const type = mediaOf(headers)
    if (type !== 'application/problem+json') return `«${type}» and no problem`
    return checkJson(body, (value) => checkAt(['components', 'schemas', 'Problem'], value))
  }

  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { responses }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]*')}/?$`),
      judge({ status, headers, body }: RawAnswer, { hasBody }: { hasBody: boolean }): string | null {
        const declared = responses[status]
        if (declared === undefined) return `the status ${status}, which the document does not declare`
        if (declared.content === undefined) return body.length === 0 ? null : `${status} with a body`
        if (!hasBody) return body.length === 0 ? null : 'a body for HEAD'
        const type = mediaOf(headers)
        if (!(type in declared.content))
          return `${status} with «${type}», which the document does not declare`
        const at = ['paths', path, method, 'responses', String(status), 'content', type, 'schema']
        if (type === 'text/csv') return null
        if (type !== 'application/x-ndjson') return checkJson(body, (value) => checkAt(at, value))
        const lines = body.toString('utf8').split('\n').filter(Boolean)
        return (
          lines.map((line) => checkJson(Buffer.from(line), (value) => checkAt(at, value))).find(Boolean) ??
          null
        )
      },
    })),
  )
  return {
    operations: operations.map(({ name }) => name),
    find: (method, path) => operations.find((one) => one.method === method && one.pattern.test(path)) ?? null,
    judgeProblem,
    judgeValue(schema, value) {
      const validate = own.get(schema) ?? ajv.compile(schema)
      own.set(schema, validate)
      return validate(value) ? null : `the schema is not met: ${ajv.errorsText(validate.errors)}`
    },
  }
}

export function mediaOf(headers: RawAnswer['headers']): string {
  return (headers.get('content-type') ?? '').split(';')[0] ?? ''
}

/** Parses a body, which has to be UTF-8 and JSON, and checks what it says. */
export function checkJson(body: Buffer, check: (value: unknown) => string | null): string | null {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return `no JSON: ${JSON.stringify(body.toString('latin1', 0, 100))}`
  }
  return check(value)
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}
