import { type Comparator, NUMBER_CRITERIA, plainText, readComparator, TEXT_CRITERIA } from './comparator.ts'

/** What an HTTP answer must be like. */
export interface AnswerRule {
  status: Comparator | null
  body: Comparator | null
}

/**
 * Litmus' `criteria`, `responseCode` and `responseBody` of one method. A criteria of texts is about the body, any other
 * about the status; a body beside a criteria of the status must be contained. A sentence about what is wrong otherwise.
 */
export function parseAnswerRule(fields: Readonly<Record<string, unknown>>): AnswerRule | string {
  const criteria = plainText(fields.criteria) || '=='
  const code = plainText(fields.responseCode)
  const text = plainText(fields.responseBody)
  if (code === '' && text === '') return 'responseCode or responseBody is needed'
  const aboutBody = isTextCriteria(criteria) && text !== ''
  const body = text === '' ? null : readComparator('string', aboutBody ? criteria : 'contains', text)
  const status = code === '' ? null : statusOf(aboutBody ? '==' : criteria, code)
  if (typeof body === 'string') return `responseBody: ${body}`
  if (typeof status === 'string') return status
  return { status, body }
}

function statusOf(criteria: string, code: string): Comparator | string {
  const status = readComparator('int', criteria, code)
  if (typeof status === 'string')
    return status.startsWith('criteria') ? status : `responseCode "${code}" is no HTTP status`
  if (status.expected.every((one) => /^[1-5]\d\d$/.test(one))) return status
  return `responseCode "${code}" is no HTTP status`
}

function isTextCriteria(criteria: string): boolean {
  const lower = criteria.toLowerCase()
  const among = (known: readonly string[]) => known.some((one) => one.toLowerCase() === lower)
  return among(TEXT_CRITERIA) && !among(NUMBER_CRITERIA)
}
