import type { Condition, StepStatus } from '../domain/index.ts'
import { readLogic, splitWords, Unreadable, Words } from './logic.ts'

const STATUSES: ReadonlyMap<string, StepStatus> = new Map<string, StepStatus>([
  ['Succeeded', 'Succeeded'],
  ['Failed', 'Failed'],
  ['Errored', 'Error'],
  ['Skipped', 'Skipped'],
  ['Omitted', 'Omitted']
])
const WORD = /\s*(&&|\|\||!|\(|\)|[\w-]+(?:\.\w+)?)/y

export type DependsResult<T> = { ok: true; value: T } | { ok: false; reason: string }

/** The tasks that a `depends` names. */
export function dependsNames(text: string): DependsResult<string[]> {
  const names = new Set<string>()
  const read = readDepends(text, (name) => {
    names.add(name)
    return []
  })
  return read.ok ? { ok: true, value: [...names] } : read
}

/** Argo's `depends` as a condition on steps; `stepsOf`: those that count for how a task ended. Never throws. */
export function readDepends(text: string, stepsOf: (task: string) => readonly string[]): DependsResult<Condition> {
  const operand = (words: Words): Condition => {
    const word = words.take()
    const [name = '', status] = word.split('.')
    if (!/^[\w-]+$/.test(name)) throw new Unreadable(`"${word}" is not expected there`)
    if (status === undefined) return { kind: 'ended', of: stepsOf(name), as: ['Well'] }
    const as = STATUSES.get(status)
    if (as !== undefined) return { kind: 'ended', of: stepsOf(name), as: [as] }
    throw new Unreadable(`${status} is not one of ${[...STATUSES.keys()].join(', ')}`)
  }
  try {
    return { ok: true, value: readLogic(new Words(text, split), { operand, tail: (left) => left }) }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message }
    throw error
  }
}

function split(text: string): string[] {
  return splitWords(text, WORD, (rest) => `"${rest.slice(0, 20)}" cannot be read there`)
}
