import { Tooltip } from '@mantine/core'
import {
  durationText,
  offsetText,
  type Timeline,
  type TimelineLane,
  type TimelineMark,
  type TimelineSpan
} from '../../../domain/index.ts'
import classes from './timeline.module.css'

/** Faults and probe checks on one time axis, each failure marked with its evidence. */
export function TimelineChart({ timeline }: { timeline: Timeline }) {
  return (
    <div className={classes.chart}>
      <div className={classes.axis} aria-hidden="true">
        {timeline.ticks.map(({ at, seconds }) => (
          <span key={seconds} style={{ left: percent(at) }}>
            {seconds} s
          </span>
        ))}
      </div>
      {timeline.lanes.map((lane) => (
        <LaneRow key={lane.key} lane={lane} timeline={timeline} />
      ))}
    </div>
  )
}

function LaneRow({ lane, timeline }: { lane: TimelineLane; timeline: Timeline }) {
  return (
    <div className={classes.lane} data-kind={lane.kind}>
      <div className={classes.label}>
        <span>{lane.label}</span>
        {lane.kind === 'probe' ? <small>{lane.mode}</small> : null}
      </div>
      <div className={classes.track}>
        {timeline.ticks.map(({ at, seconds }) => (
          <i key={seconds} className={classes.tick} style={{ left: percent(at) }} />
        ))}
        {lane.kind === 'probe'
          ? lane.harm.map((span) => <i key={span.began} className={classes.shadow} style={place(span)} />)
          : null}
        {lane.kind === 'fault'
          ? lane.spans.map((span) => <SpanBar key={`${span.kind} ${span.target} ${span.began}`} span={span} />)
          : lane.marks.map((mark) => <MarkBar key={mark.first.at} mark={mark} start={timeline.from} />)}
      </div>
    </div>
  )
}

function SpanBar({ span }: { span: TimelineSpan }) {
  const words = { step: 'step', harm: 'harm', recovery: 'recovery' }[span.kind]
  const text = `${words}${span.target === null ? '' : ` on ${span.target}`}: ${durationText(span.ended - span.began)}`
  return (
    <Tooltip label={text}>
      <div className={classes.span} data-kind={span.kind} style={place(span)} role="img" aria-label={text} />
    </Tooltip>
  )
}

function MarkBar({ mark, start }: { mark: TimelineMark; start: number }) {
  const { passed, count, first } = mark
  const text = `${offsetText(first.at - start)}: ${passed ? `${count} passed` : `${count > 1 ? `${count} failed, first: ` : 'failed: '}${first.evidence}`}`
  if (passed) return <div className={classes.passed} style={place(mark)} role="img" aria-label={text} title={text} />
  return (
    <Tooltip label={text}>
      <button type="button" className={classes.failed} style={place(mark)} aria-label={text} />
    </Tooltip>
  )
}

function place({ from, to }: { from: number; to: number }) {
  return { left: percent(from), width: percent(to - from) }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}
