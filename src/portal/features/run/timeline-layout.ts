import type { Timeline, TimelineGroup, TimelineProbe } from '../../../domain/index.ts'

/** Where everything of the time axis stands, in px. */
export interface TimelineLayout {
  width: number
  height: number
  plot: { left: number; width: number }
  /** length in px from the left of a share of the axis */
  x(share: number): number
  ticks: readonly { x: number; text: string | null }[]
  rows: readonly TimelineRow[]
}

/** A step with its bars, a probe with its checks; in a long run one row has both. */
export interface TimelineRow {
  key: string
  group: TimelineGroup
  probes: readonly TimelineProbe[]
  label: string
  note: string | null
  /** where the text stands */
  labelY: number
  bars: Band | null
  checks: Band | null
  /** the row's own part of the plot */
  band: Band
}

export interface Band {
  y: number
  height: number
}

/** Narrower than this, names stand above their bars. */
const NARROW = 560
const LABELS = 262
const RIGHT = 26
const AXIS = 30
const TICK_ROOM = 52
/** With more rows than this, probes share the row of their fault. */
const MANY = 40
const CHARACTER = 6.9

interface Measure {
  label: number
  bar: number
  check: number
  gap: number
}

export function layoutOf(timeline: Timeline, width: number): TimelineLayout {
  const narrow = width < NARROW
  const plot = narrow ? { left: 0, width: width - 14 } : { left: LABELS, width: width - LABELS - RIGHT }
  const x = (share: number) => plot.left + share * plot.width
  const folded = rowCount(timeline) > MANY
  const rows = rowsOf(timeline, { narrow, folded })
  const last = rows.at(-1)?.band
  const apart = Math.ceil((TICK_ROOM * timeline.ticks.length) / plot.width)
  return {
    width,
    height: (last === undefined ? AXIS : last.y + last.height) + 4,
    plot,
    x,
    ticks: timeline.ticks.map(({ at, seconds }, n) => ({ x: x(at), text: n % apart === 0 ? tickText(seconds) : null })),
    rows
  }
}

/** As much of a name as its place takes. */
export function fitted(text: string, px: number): string {
  const most = Math.max(4, Math.floor(px / CHARACTER))
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

/** How much of the width the name of a row may take. */
export function labelRoom({ plot }: TimelineLayout): number {
  return plot.left === 0 ? plot.width : plot.left - 24
}

function rowCount({ groups }: Timeline): number {
  return groups.reduce((count, group) => count + 1 + (group.kind === 'fault' ? group.probes.length : 0), 0)
}

function rowsOf(timeline: Timeline, { narrow, folded }: { narrow: boolean; folded: boolean }): TimelineRow[] {
  const measure: Measure = { label: narrow ? 19 : 0, bar: folded ? 20 : 26, check: 24, gap: folded ? 2 : 8 }
  const rows: TimelineRow[] = []
  let y = AXIS
  for (const group of timeline.groups) {
    y += measure.gap
    const probes = group.kind === 'fault' ? group.probes : []
    rows.push(groupRow(group, folded ? probes : [], { y, measure }))
    y += measure.label + measure.bar
    if (folded) continue
    for (const probe of probes) {
      rows.push(probeRow(group, probe, { y, measure }))
      y += measure.label + measure.check
    }
  }
  return rows
}

interface Place {
  y: number
  measure: Measure
}

function groupRow(group: TimelineGroup, probes: readonly TimelineProbe[], { y, measure }: Place): TimelineRow {
  const top = y + measure.label
  const both = probes.length > 0
  const { bar } = measure
  return {
    key: group.step,
    group,
    probes,
    label: group.label,
    note: null,
    labelY: measure.label > 0 ? y + 14 : y + bar / 2 + 5,
    bars: both ? { y: top + 1, height: bar - 10 } : { y: top + 4, height: bar - 8 },
    checks: both ? { y: top + bar - 8, height: 7 } : null,
    band: { y, height: measure.label + bar }
  }
}

function probeRow(group: TimelineGroup, probe: TimelineProbe, { y, measure }: Place): TimelineRow {
  const top = y + measure.label
  return {
    key: probe.key,
    group,
    probes: [probe],
    label: probe.label,
    note: probe.mode,
    labelY: measure.label > 0 ? y + 14 : y + measure.check / 2 + 5,
    bars: null,
    checks: { y: top + 2, height: measure.check - 4 },
    band: { y: top, height: measure.check }
  }
}

function tickText(seconds: number): string {
  if (seconds < 120 || seconds % 30 !== 0) return `${seconds} s`
  return `${seconds / 60} min`
}
