import { ASPECTS, CHANGE_KINDS, VERSION_STEPS } from '../../../domain/index.ts'
import { CONDITION_KEYS, DAYS, FIELD_KEYS, OTHERWISE, POLICY_KEYS } from '../../../manifest/index.ts'
import type { Completion } from './completion.ts'
import type { YamlPlace } from './yaml-place.ts'

const CONDITIONS = ['when', 'all', 'any', 'not']

/** What may stand there in an EventPolicy, by the keys that it is read by. */
export function policyOptions({ keys, key }: YamlPlace): Completion[] {
  if (keys[0] !== 'spec') return []
  const parent = keys.at(-1) ?? ''
  if (key !== null) return valuesOf(key, parent).map((label) => ({ label }))
  const words = itemsOf(parent)
  if (words !== null) return words.map((label) => ({ label }))
  return keysIn(keys, parent).map((label) => ({ label, apply: `${label}: ` }))
}

function valuesOf(key: string, parent: string): readonly string[] {
  if (CONDITIONS.includes(parent)) return isAspect(key) && key !== 'path' ? ['changed'] : []
  if (isAspect(parent) && key === 'autoscaler') return ['true', 'false']
  if (parent === 'rollout' && key === 'otherwise') return OTHERWISE
  return (parent === 'rollout' && key === 'wait') || key === 'annotated' ? ['true', 'false'] : []
}

/** Of a list of words; null: there is none. */
function itemsOf(parent: string): readonly string[] | null {
  if (parent === 'events') return CHANGE_KINDS
  if (parent === 'version') return VERSION_STEPS
  return parent === 'days' ? DAYS : null
}

function keysIn(keys: readonly string[], parent: string): readonly string[] {
  if (!keys.includes('when')) return keys.length <= 2 ? ((POLICY_KEYS as Keys)[parent] ?? []) : []
  if (CONDITIONS.includes(parent)) return CONDITION_KEYS
  return isAspect(parent) ? FIELD_KEYS : []
}

type Keys = Record<string, readonly string[]>

function isAspect(word: string): boolean {
  return ASPECTS.some((aspect) => aspect === word)
}
