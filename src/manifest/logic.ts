import type { Condition } from '../domain/index.ts'

/** Why a text cannot be read as a condition. */
export class Unreadable extends Error {}

const DEEPEST = 40
const LONGEST = 4000

/** The words of a condition, one after another. */
export class Words {
  readonly #words: readonly string[]
  #at = 0

  constructor(text: string, split: (text: string) => readonly string[]) {
    if (text.length > LONGEST) throw new Unreadable(`it is longer than ${LONGEST} characters`)
    this.#words = split(text)
  }

  get next(): string | undefined {
    return this.#words[this.#at]
  }

  take(): string {
    const word = this.next
    if (word === undefined) throw new Unreadable('something is missing at its end')
    this.#at += 1
    return word
  }

  takes(word: string): boolean {
    if (this.next !== word) return false
    this.#at += 1
    return true
  }
}

/** Cuts a text into the words that `pattern`, sticky, has as its first group; `why`: what is wrong with a rest that begins with none. */
export function splitWords(text: string, pattern: RegExp, why: (rest: string) => string): string[] {
  const words: string[] = []
  pattern.lastIndex = 0
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const at = pattern.lastIndex
    const word = pattern.exec(text)?.[1]
    if (word === undefined) throw new Unreadable(why(text.slice(at).trim()))
    words.push(word)
  }
  return words
}

export interface Leaves {
  /** what is neither `!` nor in parentheses */
  operand(words: Words): Condition
  /** what may follow an operand, for example a comparison */
  tail(left: Condition, words: Words): Condition
}

/** `||`, `&&`, `!` and parentheses around leaves, all the words. Throws `Unreadable`. */
export function readLogic(words: Words, leaves: Leaves): Condition {
  const condition = either(words, leaves, 0)
  if (words.next !== undefined) throw new Unreadable(`"${words.next}" is not expected there`)
  return condition
}

function either(words: Words, leaves: Leaves, depth: number): Condition {
  const of = [both(words, leaves, depth)]
  while (words.takes('||')) of.push(both(words, leaves, depth))
  return of.length === 1 && of[0] ? of[0] : { kind: 'or', of }
}

function both(words: Words, leaves: Leaves, depth: number): Condition {
  const of = [leaves.tail(single(words, leaves, depth), words)]
  while (words.takes('&&')) of.push(leaves.tail(single(words, leaves, depth), words))
  return of.length === 1 && of[0] ? of[0] : { kind: 'and', of }
}

function single(words: Words, leaves: Leaves, depth: number): Condition {
  if (depth > DEEPEST)
    throw new Unreadable(`it has more than ${DEEPEST} levels of "!" and parentheses within each other`)
  if (words.takes('!')) return { kind: 'not', of: single(words, leaves, depth + 1) }
  if (!words.takes('(')) return leaves.operand(words)
  const inner = either(words, leaves, depth + 1)
  if (!words.takes(')'))
    throw new Unreadable(words.next === undefined ? 'a ")" is missing' : `"${words.next}" is not expected there`)
  return inner
}
