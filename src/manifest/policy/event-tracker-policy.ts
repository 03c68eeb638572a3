import type { EventPolicy, PolicyCondition } from '../../domain/index.ts'
import { type KindReader, withoutTokens } from '../kind.ts'
import type { NodeReader } from '../node-reader.ts'
import { checkExpression } from './expression.ts'

/**
 * Litmus' EventTrackerPolicy v1, read as it is (`chaoscenter/event-tracker`): conditions on the values at JMESPath keys
 * of workloads that have opted in by annotation. It differs where Litmus is wrong: numbers are compared as numbers, all
 * conditions of an "and" must hold, also those whose value did not change, and at least one value must have changed.
 */
export const EVENT_TRACKER_POLICY: KindReader = {
  kind: 'EventTrackerPolicy',
  apiVersion: 'eventtracker.litmuschaos.io/v1',
  read: (reading) => {
    const spec = withoutTokens(reading).at('spec')
    return { parameters: [], steps: [], deadlineSeconds: null, schedule: null, policy: readPolicy(spec), labels: {} }
  }
}

const ANY_ANNOTATED = { infrastructures: [], namespaces: [], kinds: [], names: [], labels: {}, annotated: true }

function readPolicy(spec: NodeReader): EventPolicy {
  return {
    workloads: ANY_ANNOTATED,
    events: ['changed'],
    when: readConditions(spec),
    rollout: { wait: true, timeoutSeconds: 600, otherwise: 'skip' },
    debounceSeconds: 0,
    cooldownSeconds: 0,
    limit: null,
    windows: [],
    run: []
  }
}

const MOST_CONDITIONS = 100

function readConditions(spec: NodeReader): PolicyCondition {
  const items = spec.at('conditions').items().slice(0, MOST_CONDITIONS)
  if (items.length === 0) spec.at('conditions').problem('manifest/missing', 'spec.conditions is missing.')
  const read = items.flatMap((item) => readOne(item) ?? [])
  const changed = read.map(({ key }) => changeAt(key))
  return {
    kind: 'all',
    of: [
      { kind: readType(spec.at('condition_type')), of: read.map(({ condition }) => condition) },
      { kind: 'any', of: changed }
    ]
  }
}

function readType(at: NodeReader): 'all' | 'any' {
  const type = at.required('spec.condition_type')?.toLowerCase()
  if (type !== undefined && type !== 'and' && type !== 'or')
    at.problem('manifest/policy', `"${type}" is neither and nor or; Litmus never triggers then.`)
  return type === 'or' ? 'any' : 'all'
}

const OPERATORS: ReadonlyMap<string, 'eq' | 'ne' | 'lt' | 'gt' | 'lte' | 'gte'> = new Map([
  ['EqualTo', 'eq'],
  ['NotEqualTo', 'ne'],
  ['LessThan', 'lt'],
  ['GreaterThan', 'gt'],
  ['LessThanEqualTo', 'lte'],
  ['GreaterThanEqualTo', 'gte']
])

function readOne(item: NodeReader): { key: string; condition: PolicyCondition } | undefined {
  const key = checkExpression(item.at('key'))
  const operator = item.at('operator').required('The operator')
  if (key === undefined || operator === undefined) return undefined
  if (operator === 'Change') return { key, condition: changeAt(key) }
  const op = OPERATORS.get(operator)
  if (op === undefined) {
    const known = ['Change', ...OPERATORS.keys()].join(', ')
    item.at('operator').problem('manifest/policy', `There is no operator ${operator}; there are: ${known}.`)
    return undefined
  }
  const value = item.at('value').text()
  if (value === undefined) item.at('value').required('The value to compare with')
  return { key, condition: { kind: 'state', aspect: 'path', key, is: [{ op, value: value ?? '' }] } }
}

function changeAt(key: string): PolicyCondition {
  return { kind: 'field', aspect: 'path', key, from: [], to: [], steps: [], autoscaler: true }
}
