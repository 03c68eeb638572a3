import type { FaultStory, InjectionStory, ProbeCheck } from './run-story.ts'
import type { StepWait } from './step-wait.ts'

/** Faults, waits and probe checks on one time axis; places are shares of it, 0 to 1. */
export interface Timeline {
  /** ms since 1970 */
  from: number
  to: number
  ticks: readonly { at: number; seconds: number }[]
  /** one for each step that has begun or will, in the order of their beginnings */
  groups: readonly TimelineGroup[]
}

export type TimelineGroup = FaultGroup | WaitGroup

export interface FaultGroup {
  kind: 'fault'
  step: string
  label: string
  spans: readonly TimelineSpan[]
  /** when it was tried again: the attempts after the first one */
  retries: readonly { attempt: number; at: number; began: number }[]
  probes: readonly TimelineProbe[]
}

/** A probe of the fault, with the time of harm behind its checks. */
export interface TimelineProbe {
  key: string
  label: string
  mode: string
  harm: readonly TimelineSpan[]
  marks: readonly TimelineMark[]
}

export interface WaitGroup {
  kind: 'wait'
  step: string
  label: string
  /** for a person or for the clock, and how a person decided */
  wait: StepWait
  from: number
  to: number
  began: number
  ended: number
}

export interface TimelineSpan {
  kind: 'step' | 'harm' | 'recovery'
  from: number
  to: number
  /** ms */
  began: number
  ended: number
  target: string | null
}

/** Checks of one outcome and one attempt in a row, drawn as one. */
export interface TimelineMark {
  passed: boolean
  from: number
  to: number
  count: number
  first: ProbeCheck
}

/** What has not begun stands below everything that has. */
const LATER = Number.MAX_SAFE_INTEGER
/** Failures nearer than this share of the axis become one mark. */
const NEAR = 0.006
const STEPS_S = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]
const MAX_TICKS = 9

export function timelineOf(
  told: { faults: readonly FaultStory[]; waits: readonly StepWait[] },
  span: { from: number; to: number }
): Timeline {
  const from = span.from
  const to = Math.max(span.to, from + 1000)
  const place = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)))
  const axis = { place, to }
  const groups = [
    ...told.faults.map((fault) => ({ began: fault.startedAt, group: faultGroup(fault, axis) })),
    ...told.waits.map((wait) => ({ began: wait.began, group: waitGroup(wait, axis) }))
  ]
  const inOrder = groups.toSorted((a, b) => (a.began ?? LATER) - (b.began ?? LATER))
  return { from, to, ticks: ticksOf(to - from), groups: inOrder.map(({ group }) => group) }
}

interface Axis {
  place: (at: number) => number
  to: number
}

function faultGroup(fault: FaultStory, axis: Axis): FaultGroup {
  const { step, name, attempts } = fault
  const spans = spansOf(fault, axis)
  const harm = spans.filter(({ kind }) => kind === 'harm')
  return {
    kind: 'fault',
    step,
    label: name,
    spans,
    retries: attempts.slice(1).map((began, n) => ({ attempt: n + 2, at: axis.place(began), began })),
    probes: fault.probes.map((probe) => ({
      key: `${step} ${probe.name}`,
      label: probe.name,
      mode: probe.mode,
      harm,
      marks: marksOf([...probe.earlier, ...probe.checks], axis.place)
    }))
  }
}

function waitGroup(wait: StepWait, { place, to }: Axis): WaitGroup {
  const { step, name, began } = wait
  const ended = wait.ended ?? to
  return { kind: 'wait', step, label: name, wait, from: place(began), to: place(ended), began, ended }
}

function spansOf(fault: FaultStory, axis: Axis): TimelineSpan[] {
  if (fault.startedAt === null) return []
  const whole = span('step', { began: fault.startedAt, ended: fault.endedAt ?? axis.to, target: null }, axis)
  return [whole, ...fault.injections.flatMap((injection) => injectionSpans(injection, axis))]
}

/** The harm lasts from its application until it is being undone; the recovery until it is proved. */
function injectionSpans({ target, stages }: InjectionStory, axis: Axis): TimelineSpan[] {
  const at = (...names: string[]) => stages.find(({ stage }) => names.includes(stage))?.at
  const applied = at('applied')
  if (applied === undefined) return []
  const recovering = at('recovering')
  const proved = at('recovered', 'drifted', 'leaked')
  const harm = span('harm', { began: applied, ended: recovering ?? proved ?? axis.to, target }, axis)
  if (recovering === undefined) return [harm]
  return [harm, span('recovery', { began: recovering, ended: proved ?? axis.to, target }, axis)]
}

function span(
  kind: TimelineSpan['kind'],
  times: { began: number; ended: number; target: string | null },
  axis: Axis
): TimelineSpan {
  return { kind, from: axis.place(times.began), to: axis.place(times.ended), ...times }
}

function marksOf(checks: readonly ProbeCheck[], place: Axis['place']): TimelineMark[] {
  const marks: TimelineMark[] = []
  for (const check of checks) {
    const at = place(check.at)
    const last = marks.at(-1)
    const alike = last?.passed === check.passed && last.first.attempt === check.attempt
    const joins = last !== undefined && alike && (check.passed || at - last.to < NEAR)
    if (joins) marks[marks.length - 1] = { ...last, to: at, count: last.count + 1 }
    else marks.push({ passed: check.passed, from: at, to: at, count: 1, first: check })
  }
  return marks
}

function ticksOf(length: number): Timeline['ticks'] {
  const seconds = length / 1000
  const step = STEPS_S.find((candidate) => seconds / candidate <= MAX_TICKS) ?? Math.ceil(seconds / MAX_TICKS)
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, n) => ({
    at: (n * step) / seconds,
    seconds: n * step
  }))
}
