import type { ColumnType, JSONColumnType } from 'kysely'

/** Kinds of columns, as they are read and as they are written. */
export type Json<T> = JSONColumnType<T & object, string, string>
export type NullableJson<T> = ColumnType<T | null, string | null, string | null>
export type Time = ColumnType<Date, Date | string, Date | string>
export type NullableTime = ColumnType<Date | null, Date | string | null, Date | string | null>
