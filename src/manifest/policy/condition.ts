import { ASPECTS, type Aspect, type FieldCondition, type PolicyCondition, VERSION_STEPS } from '../../domain/index.ts'
import type { NodeReader } from '../node-reader.ts'
import { checkExpression } from './expression.ts'
import { CONDITION_KEYS, FIELD_KEYS } from './policy-keys.ts'
import { readTests } from './value-tests.ts'
import { onlyKeys, words } from './words.ts'

/** More parts than this are no condition that a person reads. */
const MOST_PARTS = 100
const IMAGES: FieldCondition = {
  kind: 'field',
  aspect: 'image',
  key: null,
  from: [],
  to: [],
  steps: [],
  autoscaler: false
}

/**
 * `image: changed`, `all: [...]`, `any: [...]`, `not: …`, or the name of an aspect with what must hold of it.
 * Nothing at all means: an image changed.
 */
export function readCondition(at: NodeReader): PolicyCondition {
  return at.missing ? IMAGES : readPart(at, { left: MOST_PARTS })
}

interface Budget {
  left: number
}

function readPart(at: NodeReader, budget: Budget): PolicyCondition {
  if (budget.left-- === 0) at.problem('manifest/policy', `A condition has at most ${MOST_PARTS} parts.`)
  const [key, second] = at.keys()
  if (key === undefined || second !== undefined || budget.left < 0) {
    if (budget.left >= 0)
      at.problem('manifest/policy', `A condition is a map with one key: all, any, not or ${ASPECTS.join(', ')}.`)
    return IMAGES
  }
  const inner = at.at(key)
  if (key === 'all' || key === 'any') return readParts(key, inner, budget)
  if (key === 'not') return { kind: 'not', of: readPart(inner, budget) }
  const aspect = ASPECTS.find((one) => one === key)
  if (aspect !== undefined) return readField(inner, aspect)
  inner.problem('manifest/policy', `There is no condition ${key}; there are: ${CONDITION_KEYS.join(', ')}.`)
  return IMAGES
}

function readParts(kind: 'all' | 'any', list: NodeReader, budget: Budget): PolicyCondition {
  const items = list.items()
  if (items.length === 0) list.problem('manifest/policy', `${kind} is empty; it needs at least one condition.`)
  return { kind, of: items.slice(0, MOST_PARTS).map((item) => readPart(item, budget)) }
}

function readField(at: NodeReader, aspect: Aspect): PolicyCondition {
  if (!at.isMap) {
    if (at.text() !== 'changed')
      at.problem('manifest/policy', `Write "${aspect}: changed", or a map of ${FIELD_KEYS.join(', ')}.`)
    if (aspect === 'path') at.problem('manifest/policy', 'A path needs its key: the expression that finds the value.')
    return { ...IMAGES, aspect }
  }
  onlyKeys(at, FIELD_KEYS)
  const key = at.at('key').text() ?? null
  if (aspect === 'path') checkExpression(at.at('key'))
  if (!at.at('is').missing) return { kind: 'state', aspect, key, is: readTests(at.at('is')) }
  return {
    kind: 'field',
    aspect,
    key,
    from: readTests(at.at('from')),
    to: readTests(at.at('to')),
    steps: words(at.at('version'), VERSION_STEPS),
    autoscaler: at.at('autoscaler').text() === 'true'
  }
}
