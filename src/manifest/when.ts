import { type Comparison, type Condition, conditionProblem, type Told, type Value } from '../domain/index.ts'
import { readLogic, splitWords, Unreadable, Words } from './logic.ts'

/** What stands for a placeholder: its value, what is told only while the run goes on, or that its value is not given yet. */
export type Filled = { kind: 'value'; text: string } | { kind: 'told'; told: Told } | { kind: 'open' }

export type WhenResult = { ok: true; condition: Condition } | { ok: false; reason: string }

const COMPARISONS: readonly string[] = ['==', '!=', '<=', '>=', '<', '>'] satisfies Comparison[]
const TOKEN = /(\uE000\d+\uE001+)/
const WORD =
  /\s*(&&|\|\||[=!<>]=|[<>!(),]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?:-(?=\d))?(?:[\p{L}\p{N}_.]|\uE000\d+\uE001+)+)/uy

/**
 * Argo's `when`, as govaluate reads it: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in` with a list, `&&`, `||`, `!`, parentheses;
 * texts with or without quotes, numbers, true and false. A placeholder is one value, whatever is in it. Never throws.
 */
export function readWhen(text: string, fillToken: (token: string) => Filled): WhenResult {
  let open = false
  const filled = (token: string) => {
    const answer = fillToken(token)
    open ||= answer.kind === 'open'
    return answer
  }
  try {
    const condition = readLogic(new Words(text, split), {
      operand: (words) => operand(words.take(), filled),
      tail: (left, words) => comparison(left, words, filled)
    })
    const reason = open ? null : conditionProblem(condition)
    return reason === null ? { ok: true, condition } : { ok: false, reason }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message }
    throw error
  }
}

function split(text: string): string[] {
  return splitWords(text, WORD, (rest) => {
    const sign = [...rest][0] ?? ''
    const why = `'"`.includes(sign) ? 'its other quote is missing' : 'a text that has it needs quotes'
    return `${sign} cannot be read there; ${why}`
  })
}

type Fill = (token: string) => Filled

function operand(word: string, fill: Fill): Condition {
  if (/^['"]/.test(word)) return textOf(word.slice(1, -1).replace(/\\(.)/gsu, '$1'), fill)
  if (!/^-?[\p{L}\p{N}_.\uE000]/u.test(word)) throw new Unreadable(`"${word}" is not expected there`)
  const text = textOf(word, fill)
  return text.kind === 'value' ? { kind: 'value', value: typed(String(text.value)) } : text
}

/** As govaluate types what has no quotes. */
function typed(text: string): Value {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text === 'true' ? true : text === 'false' ? false : text
}

function textOf(text: string, fill: Fill): Condition {
  const parts = text.split(TOKEN).map((part): string | Told => {
    if (!TOKEN.test(part)) return part
    const filled = fill(part)
    if (filled.kind === 'told') return filled.told
    return filled.kind === 'value' ? filled.text : ''
  })
  if (parts.every((part) => typeof part === 'string')) return { kind: 'value', value: parts.join('') }
  return { kind: 'text', parts: parts.filter((part) => part !== '') }
}

function comparison(left: Condition, words: Words, fill: Fill): Condition {
  if (words.takes('in')) return { kind: 'in', left, list: list(words, fill) }
  const by = words.next
  if (by === undefined || !COMPARISONS.includes(by)) return left
  words.take()
  const right = words.takes('(') ? inner(words, fill) : operand(words.take(), fill)
  return { kind: 'compare', by: by as Comparison, left, right }
}

function inner(words: Words, fill: Fill): Condition {
  const one = operand(words.take(), fill)
  if (!words.takes(')')) throw new Unreadable('on the right of a comparison only one value is read')
  return one
}

/** Two values and more: what govaluate takes for a list. */
function list(words: Words, fill: Fill): Condition[] {
  if (!words.takes('(')) throw new Unreadable('"in" needs a list, for example ("a", "b")')
  const items = [operand(words.take(), fill)]
  while (words.takes(',')) items.push(operand(words.take(), fill))
  if (!words.takes(')')) throw new Unreadable('the list after "in" does not end with ")"')
  if (items.length < 2) throw new Unreadable('a list after "in" has two values or more; for one, write ==')
  return items
}
