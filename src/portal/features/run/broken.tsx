import { Icon } from '../../ui/icon.tsx'
import type { BrokenProbe } from './broken-probes.ts'
import classes from './run.module.css'

/** What broke and when; nothing where all held. */
export function Broken({ probes }: { probes: readonly BrokenProbe[] }) {
  if (probes.length === 0) return null
  return (
    <section className={classes.broken} aria-label="What broke">
      {probes.map(({ step, probe, sentence, evidence }) => (
        <div key={`${step} ${probe}`}>
          <Icon name="cross" />
          <div>
            <strong>{probe}</strong> {sentence}
            <p>{evidence}</p>
          </div>
        </div>
      ))}
    </section>
  )
}
