import type { z } from 'zod'
import type { FieldError } from './errors.ts'

/** Beginnings of zod's own messages; a message that a schema gives itself has none of them. */
const standard = /^(Invalid input|Invalid option|Invalid string|Too small|Too big|Unrecognized key)/

/** Fields that one answer names; whoever has more to mend is helped no better by more. */
export const maxFieldErrors = 100

/** Gives the first issues of a zod error as the contract's field errors, unknown fields by their names. */
export function fieldErrorsOf({ issues }: z.ZodError): FieldError[] {
  return issues.slice(0, maxFieldErrors).flatMap(errorsOfIssue).slice(0, maxFieldErrors)
}

function errorsOfIssue(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: fieldMessage(issue) }]
  return issue.keys.slice(0, maxFieldErrors).map((key) => ({
    path: [...path, key].join('.'),
    message: 'is not a field of this input',
  }))
}

/** Says what is wrong with a field, and what it must be, in the words of our own messages. */
function fieldMessage(issue: z.core.$ZodIssue): string {
  if (!standard.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is missing' : `must be ${kindOf(issue.expected)}`
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty or blank'
        : `must ${limitOf(issue.origin, 'at least', issue.minimum)}`
    case 'too_big':
      return `must ${limitOf(issue.origin, 'at most', issue.maximum)}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${listed(issue.values)}`
    case 'invalid_format':
      return 'is not of the right form'
    default:
      return issue.message
  }
}

/** Puts values in a row; in quotes where a comma is in one of them. */
function listed(values: readonly unknown[]): string {
  const texts = values.map(String)
  return (texts.some((text) => text.includes(',')) ? texts.map((text) => `"${text}"`) : texts).join(', ')
}

function kindOf(expected: string): string {
  switch (expected) {
    case 'string':
      return 'a text'
    case 'int':
      return 'a whole number'
    case 'object':
      return 'an object'
    case 'array':
      return 'a list'
    case 'boolean':
      return 'true or false'
    default:
      return `a ${expected}`
  }
}

function limitOf(origin: string, bound: 'at least' | 'at most', limit: number | bigint): string {
  switch (origin) {
    case 'string':
      return `have ${bound} ${limit} characters`
    case 'array':
      return `have ${bound} ${limit} entries`
    default:
      return `be ${bound} ${limit}`
  }
}
