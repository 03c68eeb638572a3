import type { Aspect, Aspects, FieldChange } from '../aspects.ts'
import { changeSentence } from '../change-words.ts'
import { askedWorkflows, changesBetween, type Observation, workloadLabel } from '../observation.ts'
import type {
  ChangeKind,
  EventPolicy,
  FieldCondition,
  PolicyCondition,
  StateCondition,
  WorkloadSelector
} from './event-policy.ts'
import { fits, fitsOne } from './pattern.ts'
import { passes, testWords } from './value-test.ts'
import { versionStep } from './version.ts'

/** What happened to a workload: the same state before and after where only its rollout did something. */
export interface Happening {
  kind: ChangeKind
  /** name of the infrastructure */
  infrastructure: string
  before: Observation
  after: Observation
}

export interface Evaluation {
  matched: boolean
  /** one sentence for each part that was looked at */
  reasons: readonly string[]
}

/** Whether the policy means this workload at all; else why not. */
export function selects(selector: WorkloadSelector, { infrastructure, after }: Happening): Evaluation {
  const label = workloadLabel(after)
  const no = (reason: string): Evaluation => ({ matched: false, reasons: [reason] })
  if (!fitsOne(selector.infrastructures, infrastructure))
    return no(`It is not for the infrastructure ${infrastructure}.`)
  if (!fitsOne(selector.namespaces, after.namespace)) return no(`It is not for the namespace ${after.namespace}.`)
  const kinds = selector.kinds.map((kind) => kind.toLowerCase())
  if (kinds.length > 0 && !kinds.includes(after.kind.toLowerCase())) return no(`It is not for a ${after.kind}.`)
  if (!fitsOne(selector.names, after.name)) return no(`It is not for the name ${after.name}.`)
  const labels = after.aspects.labels ?? {}
  const other = Object.entries(selector.labels).find(([key, pattern]) => !fits(pattern, labels[key] ?? ''))
  if (other !== undefined) return no(`${label} does not have the label ${other[0]}=${other[1]}.`)
  if (selector.annotated && askedWorkflows(after.aspects) === null)
    return no(`${label} has not opted in by annotation.`)
  return { matched: true, reasons: [] }
}

/** Whether what happened fulfils the policy's condition, part by part. Total, and bounded by the size of the policy and of the change. */
export function evaluate(policy: EventPolicy, happening: Happening): Evaluation {
  if (!policy.events.includes(happening.kind))
    return { matched: false, reasons: [`It is for ${policy.events.join(', ')}; this is ${happening.kind}.`] }
  if (happening.kind !== 'changed') return { matched: true, reasons: [HAPPENED[happening.kind]] }
  return judge(policy.when, {
    changes: changesBetween(happening.before, happening.after),
    now: happening.after.aspects,
    workload: workloadLabel(happening.after)
  })
}

interface Seen {
  changes: readonly FieldChange[]
  now: Aspects
  workload: string
}

const HAPPENED = {
  'rollout-failed': 'The rollout failed.',
  'rolled-back': 'The change was rolled back.'
} as const

function judge(condition: PolicyCondition, seen: Seen): Evaluation {
  if (condition.kind === 'field') return judgeField(condition, seen)
  if (condition.kind === 'state') return judgeState(condition, seen)
  if (condition.kind === 'not') {
    const { matched, reasons } = judge(condition.of, seen)
    return { matched: !matched, reasons: reasons.map((reason) => `Excluded: ${reason}`) }
  }
  const parts = condition.of.map((part) => judge(part, seen))
  const matched = condition.kind === 'all' ? parts.every((part) => part.matched) : parts.some((part) => part.matched)
  // what decided is said, not what does not matter
  const telling = parts.filter((part) => part.matched === matched)
  return { matched, reasons: telling.flatMap(({ reasons }) => reasons) }
}

function judgeField(condition: FieldCondition, { changes, workload }: Seen): Evaluation {
  const { aspect, key } = condition
  const candidates = changes.filter((one) => one.aspect === aspect && isMeant(condition, one.key))
  if (candidates.length === 0) return { matched: false, reasons: [`Nothing changed in ${fieldWords(aspect, key)}.`] }
  const misses = candidates.map((change) => ({ change, miss: missOf(condition, change) }))
  const hit = misses.find(({ miss }) => miss === null) ?? misses[0]
  if (hit === undefined) return { matched: false, reasons: [] }
  const sentence = capital(changeSentence(workload, hit.change))
  return { matched: hit.miss === null, reasons: [hit.miss === null ? `${sentence}.` : `${sentence}, but ${hit.miss}.`] }
}

function judgeState(condition: StateCondition, { now }: Seen): Evaluation {
  const { aspect, key, is } = condition
  const values = Object.entries(now[aspect] ?? {}).filter(([name]) => isMeant(condition, name))
  const shown: [string, string | null][] = values.length > 0 ? values : [[key ?? '', null]]
  const hit = shown.find(([, value]) => is.every((test) => passes(test, valueAt(aspect, value))))
  const [name, value] = hit ?? shown[0] ?? ['', null]
  const words = is.map(testWords).join(' and ')
  const reason = `${capital(fieldWords(aspect, name))} is ${value ?? 'not there'}; asked for: ${words}.`
  return { matched: hit !== undefined, reasons: [reason] }
}

function isMeant({ aspect, key }: FieldCondition | StateCondition, name: string): boolean {
  return key === null || (aspect === 'path' ? key === name : fits(key, name))
}

/** An expression that finds nothing is told as `null`. */
function valueAt(aspect: Aspect, value: string | null): string | null {
  return aspect === 'path' && value === 'null' ? null : value
}

/** Why this change does not do; null = it does. */
function missOf(condition: FieldCondition, change: FieldChange): string | null {
  if (change.by === 'run') return 'a run of Faultline made this change'
  if (change.by === 'autoscaler' && !condition.autoscaler) return 'an autoscaler made this change'
  const { aspect, from, to, steps } = condition
  const [before, after] = [valueAt(aspect, change.before), valueAt(aspect, change.after)]
  const wasNot = from.find((test) => !passes(test, before))
  if (wasNot !== undefined) return `what was before is to fit "${testWords(wasNot)}"`
  const isNot = to.find((test) => !passes(test, after))
  if (isNot !== undefined) return `what is now is to fit "${testWords(isNot)}"`
  if (steps.length === 0) return null
  const step = before === null || after === null ? null : versionStep(before, after)
  if (step !== null && steps.includes(step)) return null
  return `the version is to move by ${steps.join(' or ')}${step === null ? '' : ` and moved by ${step}`}`
}

function fieldWords(aspect: Aspect, key: string | null): string {
  return key === null ? aspect : `${aspect} ${key}`
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
