import {
  durationText,
  type FaultGroup,
  offsetText,
  type Timeline,
  type TimelineSpan,
  type WaitGroup
} from '../../../domain/index.ts'
import classes from './timeline.module.css'
import { type Band, fitted, type TimelineLayout } from './timeline-layout.ts'

const LEAST = 3
/** The number of an attempt takes at most this, in px. */
const BADGE = 15

interface SpanBarsProps {
  group: FaultGroup
  band: Band
  layout: TimelineLayout
  timeline: Timeline
  /** id of the pattern of a recovery */
  hatch: string
}

/** The step, the harm on each target and its recovery, and where it was tried again. */
export function SpanBars({ group, band, layout, timeline, hatch }: SpanBarsProps) {
  return (
    <>
      {group.spans.map((span) => (
        <rect
          key={`${span.kind} ${span.target} ${span.began}`}
          {...placed(span, band, layout)}
          rx={3}
          className={classes.span}
          data-kind={span.kind}
          fill={span.kind === 'recovery' ? `url(#${hatch})` : undefined}
        >
          <title>{spanWords(span)}</title>
        </rect>
      ))}
      {group.retries.map((retry) => (
        <RetryMark key={retry.attempt} retry={retry} band={band} layout={layout} start={timeline.from} />
      ))}
    </>
  )
}

interface RetryMarkProps {
  retry: FaultGroup['retries'][number]
  band: Band
  layout: TimelineLayout
  start: number
}

function RetryMark({ retry: { attempt, at, began }, band, layout, start }: RetryMarkProps) {
  const x = layout.x(at)
  const middle = band.y + band.height / 2
  const size = Math.min(BADGE, band.height + 4)
  return (
    <g className={classes.retry}>
      <title>{`attempt ${attempt} began, ${offsetText(began - start)}`}</title>
      <line x1={x} x2={x} y1={band.y - 3} y2={band.y + band.height + 3} />
      <rect x={x - size / 2} y={middle - size / 2} width={size} height={size} rx={size / 2} />
      <text x={x} y={middle} textAnchor="middle" dominantBaseline="central">
        {attempt}
      </text>
    </g>
  )
}

function spanWords({ kind, target, began, ended }: TimelineSpan): string {
  return `${kind}${target === null ? '' : ` on ${target}`}: ${durationText(ended - began)}`
}

export function placed({ from, to }: { from: number; to: number }, band: Band, layout: TimelineLayout, least = LEAST) {
  const x = layout.x(from)
  return { x, y: band.y, width: Math.max(least, layout.x(to) - x), height: band.height }
}

const ON_BAR = { person: 'waits for a person', clock: 'waits' }

/** How long it waited, and what was said to it: on the bar, or beside it where there is room. */
export function WaitBar({ group, band, layout }: { group: WaitGroup; band: Band; layout: TimelineLayout }) {
  const { wait, began, ended } = group
  const words = wait.decision ?? ON_BAR[wait.what]
  const box = placed(group, band, layout)
  const end = box.x + box.width
  const right = layout.plot.left + layout.plot.width
  const rooms = [
    { x: box.x + 6, room: box.width - 12, textAnchor: 'start' as const },
    { x: end + 6, room: right - end - 6, textAnchor: 'start' as const },
    { x: box.x - 6, room: box.x - layout.plot.left - 6, textAnchor: 'end' as const }
  ]
  const { x, room, textAnchor } = rooms.reduce((best, one) => (one.room > best.room ? one : best))
  return (
    <g className={classes.wait} data-what={wait.what}>
      <title>{`${words}: ${durationText(ended - began)}`}</title>
      <rect {...box} rx={3} />
      <text x={x} y={band.y + band.height / 2 + 4} textAnchor={textAnchor}>
        {fitted(words, room)}
      </text>
    </g>
  )
}
