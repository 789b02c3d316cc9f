import { idOf, type AuditId } from '@casebook/api'

/** Gives the smallest id that could have been made at an instant (milliseconds since 1970; RFC 9562, 5.7). */
export function firstIdAt(milliseconds: number): AuditId {
  const time = milliseconds.toString(16).padStart(12, '0')
  return idOf('audit', `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`)
}
