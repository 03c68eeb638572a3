import classes from './score.module.css'
import { scoreTone } from './sparkline.tsx'

/** A resilience score; nothing where no probe gave one. */
export function Score({ score }: { score: number | null }) {
  if (score === null) return null
  return (
    <span className={classes.score} data-tone={scoreTone(score)}>
      <span className="visually-hidden">score </span>
      {score}
    </span>
  )
}
