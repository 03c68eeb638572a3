import { durationText, offsetText, type Timeline, type TimelineLane } from '../../../domain/index.ts'
import list from '../../ui/list.module.css'

/** More rows than this tell nobody anything; the log has them all. */
const SHOWN = 300

interface Moment {
  at: number
  what: string
  words: string
}

/** The time axis in words, in the order of time: for whoever cannot see it, or wants to copy from it. */
export function TimelineTable({ timeline }: { timeline: Timeline }) {
  const moments = timeline.lanes.flatMap(momentsOf).toSorted((a, b) => a.at - b.at)
  return (
    <details>
      <summary>The same as a table</summary>
      <table className={list.list}>
        <thead>
          <tr>
            <th>When</th>
            <th>Step or probe</th>
            <th>What happened</th>
          </tr>
        </thead>
        <tbody>
          {moments.slice(0, SHOWN).map(({ at, what, words }) => (
            <tr key={`${at} ${what} ${words}`}>
              <td data-label="When">{offsetText(at - timeline.from)}</td>
              <td>{what}</td>
              <td className={list.sub}>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moments.length > SHOWN ? <p>and {moments.length - SHOWN} more, in the log</p> : null}
    </details>
  )
}

function momentsOf(lane: TimelineLane): Moment[] {
  if (lane.kind === 'fault') {
    return lane.spans.map(({ kind, target, began, ended }) => ({
      at: began,
      what: lane.label,
      words: `${kind}${target === null ? '' : ` on ${target}`} for ${durationText(ended - began)}`
    }))
  }
  return lane.marks.map(({ passed, count, first }) => ({
    at: first.at,
    what: lane.label,
    words: passed ? `${count} ${count === 1 ? 'check' : 'checks'} passed` : `${count} failed: ${first.evidence}`
  }))
}
