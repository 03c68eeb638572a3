import type { FaultStory, ProbeStory } from '../../../domain/index.ts'
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
          <Probe key={`${probe.step} ${probe.name}`} probe={probe} fault={story.name} />
        ))}
      </ul>
    </Card>
  )
}

function Probe({ probe, fault }: { probe: ProbeStory; fault: string }) {
  const failed = probe.checks.filter(({ passed }) => !passed)
  const evidence = probe.result?.evidence ?? failed.at(-1)?.evidence ?? probe.checks.at(-1)?.evidence
  return (
    <li>
      <div className={classes.itemHead}>
        <strong>{probe.name}</strong>
        <Chip face={VERDICTS[probe.result?.verdict ?? 'awaited']} />
      </div>
      <div className={classes.itemSub}>
        {probe.type}, {probe.mode}, beside {fault} · {probe.checks.length - failed.length} of {probe.checks.length}{' '}
        checks passed
      </div>
      {evidence ? <p className={classes.evidence}>{evidence}</p> : null}
    </li>
  )
}
