import type { Aspect } from '../aspects.ts'
import type { EventPolicy, PolicyCondition, PolicyWindow, WorkloadSelector } from './event-policy.ts'
import { testWords } from './value-test.ts'

/** What a policy says, for people: one sentence or list each. */
export interface PolicyWords {
  selects: string
  when: string
  pacing: readonly string[]
  runs: readonly string[]
}

export function policyWords(policy: EventPolicy): PolicyWords {
  return {
    selects: selectorWords(policy.workloads),
    when: whenWords(policy),
    pacing: pacingWords(policy),
    runs:
      policy.run.length === 0
        ? ['the workflows that the annotation of the workload names']
        : policy.run.map(({ workflow }) => workflow)
  }
}

function selectorWords({ infrastructures, namespaces, kinds, names, labels, annotated }: WorkloadSelector): string {
  const labelled = Object.entries(labels).map(([key, pattern]) => `${key}=${pattern}`)
  const parts = [
    kinds.length === 0 ? 'every workload' : `every ${listed(kinds, 'or')}`,
    names.length === 0 ? '' : `named ${listed(names, 'or')}`,
    namespaces.length === 0 ? '' : `in the namespace ${listed(namespaces, 'or')}`,
    infrastructures.length === 0 ? '' : `on ${listed(infrastructures, 'or')}`,
    labelled.length === 0 ? '' : `with the label ${listed(labelled, 'and')}`,
    annotated ? 'that has opted in by annotation' : ''
  ]
  return parts.filter((part) => part !== '').join(' ')
}

const HAPPENINGS = { 'rollout-failed': 'its rollout fails', 'rolled-back': 'a change is rolled back' } as const

function whenWords({ events, when }: EventPolicy): string {
  const words = events.map((event) => (event === 'changed' ? conditionWords(when) : HAPPENINGS[event]))
  return words.join('; or ')
}

function conditionWords(condition: PolicyCondition): string {
  if (condition.kind === 'not') return `not (${conditionWords(condition.of)})`
  if ('of' in condition) {
    const parts = condition.of.map((part) => ('of' in part ? `(${conditionWords(part)})` : conditionWords(part)))
    return parts.join(condition.kind === 'all' ? ' and ' : ' or ')
  }
  const what = fieldWords(condition.aspect, condition.key)
  if (condition.kind === 'state') return `${what} ${condition.is.map(testWords).join(' and ')}`
  const from = condition.from.length === 0 ? '' : ` from what ${condition.from.map(testWords).join(' and ')}`
  const to = condition.to.length === 0 ? '' : ` to what ${condition.to.map(testWords).join(' and ')}`
  const by = condition.steps.length === 0 ? '' : ` by a ${listed(condition.steps, 'or')} version`
  return `${what} changes${by}${from}${to}`
}

function fieldWords(aspect: Aspect, key: string | null): string {
  return key === null || key === aspect ? aspect : `${aspect} ${key}`
}

function pacingWords({ rollout, debounceSeconds, cooldownSeconds, limit, windows }: EventPolicy): string[] {
  const waits = `waits ${time(rollout.timeoutSeconds)} for a healthy rollout, then ${OTHERWISE[rollout.otherwise]}`
  return [
    rollout.wait ? waits : 'does not wait for the rollout',
    ...(debounceSeconds > 0 ? [`starts when nothing has changed for ${time(debounceSeconds)}`] : []),
    ...(cooldownSeconds > 0 ? [`at most once in ${time(cooldownSeconds)} for a workload`] : []),
    ...(limit === null
      ? []
      : [`at most ${limit.runs} ${limit.runs === 1 ? 'run' : 'runs'} in ${time(limit.perSeconds)}`]),
    ...windows.map(windowWords)
  ]
}

const OTHERWISE = { skip: 'starts nothing', run: 'starts all the same', fail: 'says that it failed' } as const
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function windowWords({ days, from, to, timezone }: PolicyWindow): string {
  const which = days.length === DAYS.length ? 'every day' : days.map((day) => DAYS[day]).join(', ')
  return `only ${which}, ${clock(from)} to ${clock(to)} (${timezone})`
}

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min']
] as const

/** `10 min`, `90 s`: in the largest unit that says it whole. */
function time(seconds: number): string {
  const [size, unit] = UNITS.find(([one]) => seconds > 0 && seconds % one === 0) ?? [1, 's']
  return `${seconds / size} ${unit}`
}

function listed(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
