import { durationText, offsetText, type StepWait, type Timeline, type TimelineGroup } from '../../../domain/index.ts'
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
  const moments = timeline.groups.flatMap(momentsOf).toSorted((a, b) => a.at - b.at)
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

function waitWords({ what, decision }: StepWait, ms: number): string {
  const who = what === 'person' ? 'a person' : 'its time'
  return `waits ${durationText(ms)} for ${who}${decision === null ? '' : `, ${decision}`}`
}

function momentsOf(group: TimelineGroup): Moment[] {
  const { label: what } = group
  if (group.kind === 'wait') {
    const { began, ended, wait } = group
    return [{ at: began, what, words: waitWords(wait, ended - began) }]
  }
  return [
    ...group.spans.map(({ kind, target, began, ended }) => ({
      at: began,
      what,
      words: `${kind}${target === null ? '' : ` on ${target}`} for ${durationText(ended - began)}`
    })),
    ...group.retries.map(({ attempt, began }) => ({ at: began, what, words: `attempt ${attempt}` })),
    ...group.probes.flatMap(({ label, marks }) =>
      marks.map(({ passed, count, first }) => ({
        at: first.at,
        what: label,
        words: passed ? `${count} ${count === 1 ? 'check' : 'checks'} passed` : `${count} failed: ${first.evidence}`
      }))
    )
  ]
}
