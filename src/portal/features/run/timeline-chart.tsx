import { useElementSize } from '@mantine/hooks'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { offsetText, type Timeline } from '../../../domain/index.ts'
import classes from './timeline.module.css'
import { SpanBars, WaitBar } from './timeline-bars.tsx'
import { CheckMarks, FailedMark, failuresOf } from './timeline-checks.tsx'
import { fitted, labelRoom, layoutOf, type TimelineLayout, type TimelineRow } from './timeline-layout.ts'

/** Faults, waits and probe checks on one time axis, each failure marked with its evidence. */
export function TimelineChart({ timeline }: { timeline: Timeline }) {
  const { ref, width } = useElementSize()
  const hatch = useId()
  const layout = useMemo(() => (width === 0 ? null : layoutOf(timeline, width)), [timeline, width])
  return (
    <div ref={ref} className={classes.chart}>
      {layout === null ? null : (
        <svg
          width={layout.width}
          height={layout.height}
          className={classes.plot}
          aria-label="Steps and probes on one time axis"
        >
          <Hatch id={hatch} />
          <Axis layout={layout} />
          {layout.rows.map((row) => (
            <Row key={row.key} row={row} layout={layout} timeline={timeline} hatch={hatch} />
          ))}
          <Failures layout={layout} timeline={timeline} />
        </svg>
      )}
    </div>
  )
}

/** What a recovery is filled with. */
function Hatch({ id }: { id: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" className={classes.hatchGround} />
      <rect width="2.4" height="6" className={classes.hatchLine} />
    </pattern>
  )
}

function Axis({ layout: { ticks, height } }: { layout: TimelineLayout }) {
  return (
    <g className={classes.axis}>
      {ticks.map(({ x, text }, n) => (
        <g key={x}>
          <line x1={x} x2={x} y1={text === null ? 24 : 20} y2={height} />
          {text === null ? null : (
            <text x={x} y={13} textAnchor={n === 0 ? 'start' : 'middle'}>
              {text}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

interface RowProps {
  row: TimelineRow
  layout: TimelineLayout
  timeline: Timeline
  hatch: string
}

function Row({ row, layout, timeline, hatch }: RowProps) {
  const { group, probes, bars, checks, label, note, labelY } = row
  return (
    <g data-kind={bars === null ? 'probe' : group.kind}>
      <text x={bars === null && layout.plot.left > 0 ? 14 : 0} y={labelY} className={classes.label}>
        <title>{label}</title>
        {fitted(label, labelRoom(layout) - (note === null ? 0 : 84))}
        {note === null ? null : (
          <tspan dx={8} className={classes.note}>
            {note}
          </tspan>
        )}
      </text>
      {bars === null || group.kind === 'wait' ? null : (
        <SpanBars group={group} band={bars} layout={layout} timeline={timeline} hatch={hatch} />
      )}
      {bars !== null && group.kind === 'wait' ? <WaitBar group={group} band={bars} layout={layout} /> : null}
      {checks === null ? null : (
        <CheckMarks probes={probes} row={row} band={checks} layout={layout} timeline={timeline} />
      )}
    </g>
  )
}

/** One stop of the Tab key; arrow keys lead through the failures in the order of time. */
function Failures({ layout, timeline }: { layout: TimelineLayout; timeline: Timeline }) {
  const failures = useMemo(() => failuresOf(layout), [layout])
  const [current, setCurrent] = useState<string | null>(null)
  const at = Math.max(
    0,
    failures.findIndex(({ key }) => key === current)
  )
  const move = (event: KeyboardEvent<SVGGElement>) => {
    const to = STEPS[event.key]?.(at, failures.length - 1)
    const next = to === undefined ? undefined : failures[to]
    if (next === undefined) return
    event.preventDefault()
    setCurrent(next.key)
    event.currentTarget.querySelector<SVGGElement>(`[data-place="${to}"]`)?.focus()
  }
  if (failures.length === 0) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the marks in it have the focus, this hears their keys
    <g onKeyDown={move}>
      {failures.map((failure, place) => (
        <FailedMark
          key={failure.key}
          failure={failure}
          place={place}
          words={`${failure.probe}, ${offsetText(failure.mark.first.at - timeline.from)}`}
          reachable={place === at}
          onFocus={() => setCurrent(failure.key)}
        />
      ))}
    </g>
  )
}

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowRight: (at, last) => Math.min(at + 1, last),
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowLeft: (at) => Math.max(at - 1, 0),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last
}
