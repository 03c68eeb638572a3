import { Tooltip } from '@mantine/core'
import { offsetText, type Timeline, type TimelineMark, type TimelineProbe } from '../../../domain/index.ts'
import classes from './timeline.module.css'
import { placed } from './timeline-bars.tsx'
import type { Band, TimelineLayout, TimelineRow } from './timeline-layout.ts'

const PASSED_HEIGHT = 6
const FAILED_WIDTH = 5
/** What a finger or a pointer may miss it by, in px. */
const AROUND = 5

interface CheckMarksProps {
  probes: readonly TimelineProbe[]
  row: TimelineRow
  band: Band
  layout: TimelineLayout
  timeline: Timeline
}

/** Checks that passed, and in a row of their own the time of harm behind them. */
export function CheckMarks({ probes, row, band, layout, timeline }: CheckMarksProps) {
  const height = Math.min(PASSED_HEIGHT, band.height / 2)
  const line = { y: band.y + (band.height - height) / 2, height }
  return probes.map((probe) => (
    <g key={probe.key}>
      {row.bars !== null
        ? null
        : probe.harm.map((span) => (
            <rect key={span.began} {...placed(span, row.band, layout)} className={classes.shadow} />
          ))}
      {passedOf(probe).map((mark) => (
        <rect key={mark.first.at} {...placed(mark, line, layout)} rx={2} className={classes.passed}>
          <title>{`${probe.label}, ${offsetText(mark.first.at - timeline.from)}: ${mark.count} passed`}</title>
        </rect>
      ))}
    </g>
  ))
}

function passedOf({ marks }: TimelineProbe): TimelineMark[] {
  return marks.filter(({ passed }) => passed)
}

export interface Failure {
  key: string
  probe: string
  mark: TimelineMark
  box: { x: number; y: number; width: number; height: number }
}

/** All failures, in the order of time. */
export function failuresOf(layout: TimelineLayout): Failure[] {
  return layout.rows
    .flatMap(({ probes, checks }) =>
      checks === null
        ? []
        : probes.flatMap((probe) =>
            probe.marks
              .filter(({ passed }) => !passed)
              .map((mark) => ({
                key: `${probe.key} ${mark.first.at}`,
                probe: probe.label,
                mark,
                box: placed(mark, checks, layout, FAILED_WIDTH)
              }))
          )
    )
    .toSorted((a, b) => a.mark.first.at - b.mark.first.at)
}

interface FailedMarkProps {
  failure: Failure
  place: number
  /** of which probe, and when */
  words: string
  reachable: boolean
  onFocus: () => void
}

export function FailedMark({ failure: { mark, box }, place, words, reachable, onFocus }: FailedMarkProps) {
  const { count, first } = mark
  const text = `${words}: ${count > 1 ? `${count} failed, first: ` : 'failed: '}${first.evidence}`
  const { x, y, width, height } = box
  return (
    <Tooltip label={text} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: nothing is pressed, its evidence is read where it has the focus */}
      <g
        className={classes.failed}
        tabIndex={reachable ? 0 : -1}
        role="img"
        aria-label={text}
        data-place={place}
        onFocus={onFocus}
      >
        <rect x={x - AROUND} y={y - 2} width={width + 2 * AROUND} height={height + 4} className={classes.around} />
        <rect {...box} rx={2} />
      </g>
    </Tooltip>
  )
}
