import { attemptWords, type FaultStory, type ProbeStory } from '../../../domain/index.ts'
import { Chip, VERDICTS } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import classes from './run.module.css'

/** Every probe with its verdict and what it saw. */
export function ProbeCard({ stories }: { stories: readonly FaultStory[] }) {
  const probes = stories.flatMap((story) => story.probes.map((probe) => ({ story, probe })))
  return (
    <Card title="Probes" flush>
      {probes.length === 0 ? (
        <p className={classes.none}>No probe judges this. Without one there is no score.</p>
      ) : null}
      <ul className={classes.items}>
        {probes.map(({ story, probe }) => (
          <Probe key={`${probe.step} ${probe.name}`} probe={probe} story={story} />
        ))}
      </ul>
    </Card>
  )
}

function Probe({ probe, story }: { probe: ProbeStory; story: FaultStory }) {
  const failed = probe.checks.filter(({ passed }) => !passed)
  const evidence = probe.result?.evidence ?? failed.at(-1)?.evidence ?? probe.checks.at(-1)?.evidence
  const attempt = attemptWords(story, story.attempt)
  return (
    <li>
      <div className={classes.itemHead}>
        <strong>{probe.name}</strong>
        <Chip face={VERDICTS[probe.result?.verdict ?? 'awaited']} />
      </div>
      <div className={classes.itemSub}>
        {probe.type}, {probe.mode}, beside {story.name} · {attempt === null ? '' : `${attempt}: `}
        {passedWords(probe.checks)}
      </div>
      {evidence ? <p className={classes.evidence}>{evidence}</p> : null}
      <Earlier probe={probe} story={story} />
    </li>
  )
}

/** What it saw in the attempts that were tried again: they do not count. */
function Earlier({ probe, story }: { probe: ProbeStory; story: FaultStory }) {
  const attempts = Array.from({ length: story.attempt - 1 }, (_, index) => index + 1)
  return attempts.map((attempt) => {
    const checks = probe.earlier.filter((check) => check.attempt === attempt)
    const failed = checks.findLast(({ passed }) => !passed)
    return (
      <div key={attempt} className={classes.itemSub}>
        {attemptWords(story, attempt)}, tried again: {passedWords(checks)}
        {failed === undefined ? '' : `; ${failed.evidence}`}
      </div>
    )
  })
}

function passedWords(checks: ProbeStory['checks']): string {
  const passed = checks.filter((check) => check.passed).length
  return checks.length === 0 ? 'no check' : `${passed} of ${checks.length} checks passed`
}
