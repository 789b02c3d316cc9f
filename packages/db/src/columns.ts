import type { ColumnType } from 'kysely'

/** An instant: read as RFC 3339 text, written as a Date or text. */
export type InstantColumn = ColumnType<string, Date | string, Date | string>
export type NullableInstantColumn = ColumnType<
  string | null,
  Date | string | null | undefined,
  Date | string | null
>

/** An instant that the database sets when none is given. */
export type DefaultInstantColumn = ColumnType<string, Date | string | undefined, Date | string>
