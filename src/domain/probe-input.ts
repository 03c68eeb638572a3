import type { InputCase, InputSchema, ProbeSchema } from './catalogue.ts'
import { parseComparator, plainText } from './comparator.ts'
import { parseAnswerRule } from './http-answer.ts'

type Fields = Readonly<Record<string, unknown>>

/** One thing wrong with the inputs of a probe. */
export interface InputProblem {
  /** where in the inputs */
  path: readonly string[]
  message: string
  /** a warning changes nothing */
  severity: 'error' | 'warning'
}

const LONGEST_MS = 600_000

/**
 * Whether the inputs of a probe fit its schema. The editor and the run judge by this alone; `later` tells which texts are
 * not known yet, because they hold a placeholder.
 */
export function inputProblems(
  schema: ProbeSchema,
  inputs: Fields,
  later: (text: string) => boolean = () => false
): InputProblem[] {
  const problems = schema.inputs.flatMap((input) => {
    const message = reasonAgainst(input, inputs, later)
    return message === null ? [] : [problem(input.path, `${input.path} ${message}`)]
  })
  const given = schema.exactlyOne?.filter((path) => !isMissing(inputAt(inputs, path)))
  if (given !== undefined && given.length !== 1)
    problems.push(problem('', `exactly one of ${schema.exactlyOne?.join(', ')} is needed`))
  return [...problems, ...unknownInputs(schema, inputs)]
}

/** What is written at a path like `method.get`; undefined where nothing is. */
export function inputAt(inputs: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => fieldsOf(value)[key], inputs)
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

/** `host:port`; null = it is none */
export function addressOf(text: string): { host: string; port: number } | null {
  const url = URL.canParse(`tcp://${text}`) ? new URL(`tcp://${text}`) : null
  const port = Number(url?.port)
  if (url === null || url.hostname === '' || url.port === '' || port < 1) return null
  const bare = url.username === '' && url.password === '' && ['', '/'].includes(url.pathname) && url.search === ''
  return bare && url.hash === '' ? { host: url.hostname, port } : null
}

/** What of a probe with these inputs only an infrastructure that allows commands does; null = nothing. */
export function commandIn({ commands }: ProbeSchema, inputs: Fields): string | null {
  if (commands === undefined) return null
  return commands.when === undefined || isCase(commands.when, inputs) ? commands.what : null
}

function isCase({ path, values }: InputCase, inputs: Fields): boolean {
  return values.includes(plainText(inputAt(inputs, path)).toLowerCase())
}

function reasonAgainst(input: InputSchema, inputs: Fields, later: (text: string) => boolean): string | null {
  const value = inputAt(inputs, input.path)
  const { required } = input
  const needed = required !== undefined && (required === true || isCase(required, inputs))
  if (isMissing(value)) return needed ? 'is missing' : null
  if (input.refused !== undefined) return value === input.unless ? null : input.refused
  const open = typeof value === 'object' ? Object.values(fieldsOf(value)).some(isLater) : isLater(value)
  return open ? null : (choiceReason(plainText(value), input) ?? JUDGES[input.type](value, input))

  function isLater(one: unknown): boolean {
    return later(plainText(one))
  }
}

function choiceReason(text: string, { choices }: InputSchema): string | null {
  return choices === undefined || choices.includes(text.toLowerCase())
    ? null
    : `"${text}" is none of ${choices.join(', ')}`
}

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

const JUDGES: Record<InputSchema['type'], (value: unknown, input: InputSchema) => string | null> = {
  text: (value) => (plainText(value) === '' ? 'is not a text' : null),
  url: (value) => urlReason(plainText(value)),
  address: (value) =>
    addressOf(plainText(value)) === null ? `"${plainText(value)}" is no address like cart.shop:80` : null,
  name: (value) => (NAME.test(plainText(value)) ? null : `"${plainText(value)}" is no name that Kubernetes has`),
  flag: (value) =>
    /^(true|false)$/i.test(plainText(value)) ? null : `"${plainText(value)}" is neither true nor false`,
  milliseconds: (value) => {
    const ms = Number(plainText(value) || Number.NaN)
    if (Number.isFinite(ms) && ms > 0 && ms <= LONGEST_MS) return null
    return `"${plainText(value)}" is no number of milliseconds up to ${LONGEST_MS}`
  },
  comparator: (value, { otherwise }) => sentence(parseComparator(fieldsOf(value), otherwise)),
  answer: (value) => sentence(parseAnswerRule(fieldsOf(value)))
}

function urlReason(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.username !== '' || url.password !== ''))
    return 'carries credentials; they do not belong into a workflow'
  return url !== null && /^https?:$/.test(url.protocol) ? null : `"${text}" is no http or https address`
}

function sentence(parsed: object | string): string | null {
  return typeof parsed === 'string' ? `does not fit: ${parsed}` : null
}

/** What is written and read by nobody: mostly a name that is misspelt. */
function unknownInputs(schema: ProbeSchema, inputs: Fields, at: readonly string[] = []): InputProblem[] {
  const known = schema.inputs.flatMap(({ path, type }) => [
    path,
    ...(WITHIN[type] ?? []).map((key) => `${path}.${key}`)
  ])
  return Object.entries(inputs).flatMap(([key, value]): InputProblem[] => {
    const path = [...at, key].join('.')
    if (known.some((one) => one.startsWith(`${path}.`))) return unknownInputs(schema, fieldsOf(value), [...at, key])
    if (known.includes(path)) return []
    return [{ ...problem(path, `has no input ${path}; it has no effect`), severity: 'warning' }]
  })
}

/** the keys of compound types */
const WITHIN: Partial<Record<InputSchema['type'], readonly string[]>> = {
  comparator: ['type', 'criteria', 'value'],
  answer: ['criteria', 'responseCode', 'responseBody']
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function problem(path: string, message: string): InputProblem {
  return { path: path === '' ? [] : path.split('.'), message, severity: 'error' }
}
