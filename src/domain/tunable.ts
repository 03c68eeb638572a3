import type { TunableSchema } from './catalogue.ts'
import { bytesOf, bytesPerSecondOf } from './quantity.ts'

export type TunableValue = number | boolean | string | readonly string[] | Readonly<Record<string, string>>

export type TunableReading = { ok: true; value: TunableValue } | { ok: false; reason: string }

const HEADER_NAME = /^[!#$%&'*+.^_`|~A-Za-z0-9-]+$/
const HEADER_VALUE = /^[\t\x20-\x7e]*$/
const DELIMITING = ['content-length', 'transfer-encoding', 'connection', 'upgrade', 'trailer']

/**
 * A tunable as written → its value: numbers for all amounts (`rate` in bytes per second, `size` in bytes), a list for
 * `list`, a map for `headers`. An empty text means the default. The editor and the run judge by this alone.
 */
export function readTunable(schema: TunableSchema, written: string): TunableReading {
  const trimmed = written.trim()
  const text = trimmed === '' ? schema.default : trimmed
  if (schema.unsupported && text.toLowerCase() !== schema.default) return bad('is not supported yet: leave it empty')
  const spelt = schema.type === 'boolean' ? text : choiceOf(schema, text)
  if (spelt === null) return bad(`"${text}" is none of ${schema.choices?.join(', ')}`)
  return READERS[schema.type](spelt, schema)
}

/** the choice as the schema spells it; any text where there are no choices; null = it is none of them */
function choiceOf({ choices, default: otherwise }: TunableSchema, text: string): string | null {
  if (choices === undefined || text === otherwise) return text
  return choices.find((choice) => choice.toLowerCase() === text.toLowerCase()) ?? null
}

type Reader = (text: string, schema: TunableSchema) => TunableReading

const READERS: Record<TunableSchema['type'], Reader> = {
  string: (text) => good(text),
  list: (text) => good(listOf(text)),
  boolean: (text) => {
    const lower = text.toLowerCase()
    return lower === 'true' || lower === 'false' ? good(lower === 'true') : bad(`"${text}" is neither true nor false`)
  },
  number: (text, schema) => number(text, schema, false),
  integer: (text, schema) => number(text, schema, true),
  percentage: (text, schema) => number(text, schema, true),
  'duration-seconds': (text, schema) => number(text, schema, true),
  'duration-ms': (text, schema) => number(text, schema, true),
  rate: (text) => quantity(text, bytesPerSecondOf),
  size: (text) => quantity(text, bytesOf),
  header: (text) => (HEADER_VALUE.test(text) ? good(text) : bad('has characters that no header may have')),
  headers
}

function number(text: string, { min, max }: TunableSchema, whole: boolean): TunableReading {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || (whole && !Number.isInteger(value)))
    return bad(`"${text}" is not a ${whole ? 'whole ' : ''}number`)
  if (min !== undefined && value < min) return bad(`${text} is less than ${min}`)
  if (max !== undefined && value > max) return bad(`${text} is more than ${max}`)
  return good(value)
}

function quantity(text: string, read: (text: string) => number | null): TunableReading {
  const value = read(text)
  return value === null ? bad(`"${text}" is not a quantity that is known here`) : good(value)
}

/** A JSON object of texts; headers by which a message is delimited are not for changing. */
function headers(text: string): TunableReading {
  const value = jsonObject(text)
  if (value === null) return bad(`"${text}" is not a JSON object of texts`)
  for (const [header, content] of Object.entries(value)) {
    if (!HEADER_NAME.test(header) || !HEADER_VALUE.test(content)) return bad(`"${header}" is no header`)
    if (DELIMITING.includes(header.toLowerCase())) return bad(`${header} cannot be changed`)
  }
  return good(value)
}

function jsonObject(text: string): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return Object.values(value).every((one) => typeof one === 'string') ? (value as Record<string, string>) : null
  } catch {
    return null
  }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function good(value: TunableValue): TunableReading {
  return { ok: true, value }
}

function bad(reason: string): TunableReading {
  return { ok: false, reason }
}
