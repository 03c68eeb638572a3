import type { FaultStory, InjectionStory, ProbeCheck } from './run-story.ts'

/** Faults and probe checks on one time axis; places are shares of it, 0 to 1. */
export interface Timeline {
  /** ms since 1970 */
  from: number
  to: number
  ticks: readonly { at: number; seconds: number }[]
  lanes: readonly TimelineLane[]
}

export type TimelineLane =
  | { kind: 'fault'; key: string; step: string; label: string; spans: readonly TimelineSpan[] }
  | {
      kind: 'probe'
      key: string
      step: string
      label: string
      mode: string
      harm: readonly TimelineSpan[]
      marks: readonly TimelineMark[]
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

/** Checks of one outcome in a row, drawn as one. */
export interface TimelineMark {
  passed: boolean
  from: number
  to: number
  count: number
  first: ProbeCheck
}

/** Failures nearer than this share of the axis become one mark. */
const NEAR = 0.006
const STEPS_S = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]
const MAX_TICKS = 9

export function timelineOf(faults: readonly FaultStory[], span: { from: number; to: number }): Timeline {
  const from = span.from
  const to = Math.max(span.to, from + 1000)
  const place = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)))
  const lanes = faults.flatMap((fault) => lanesOf(fault, { place, to }))
  return { from, to, ticks: ticksOf(to - from), lanes }
}

interface Axis {
  place: (at: number) => number
  to: number
}

/** The fault, and under it its probes, with the time of harm behind them. */
function lanesOf(fault: FaultStory, axis: Axis): TimelineLane[] {
  const { step, name } = fault
  const spans = spansOf(fault, axis)
  const harm = spans.filter(({ kind }) => kind === 'harm')
  return [
    { kind: 'fault', key: step, step, label: name, spans },
    ...fault.probes.map(
      (probe): TimelineLane => ({
        kind: 'probe',
        key: `${step} ${probe.name}`,
        step,
        label: probe.name,
        mode: probe.mode,
        harm,
        marks: marksOf([...probe.earlier, ...probe.checks], axis.place)
      })
    )
  ]
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
  const proved = at('recovered', 'leaked')
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
    const joins = last !== undefined && last.passed === check.passed && (check.passed || at - last.to < NEAR)
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
