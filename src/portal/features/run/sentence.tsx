import { Link } from '@tanstack/react-router'
import type { Run } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { CauseWords } from '../../ui/cause-words.tsx'
import classes from './run.module.css'

/** The headline: which workflow ran because of what; then why it ended as it did, where that needs words. */
export function RunSentence({ run }: { run: Run }) {
  const project = useProject()
  return (
    <>
      <p className={classes.sentence}>
        <Link to="/p/$project/workflows/$name" params={{ project, name: run.workflow }}>
          {run.workflow}
        </Link>{' '}
        ran because <CauseWords cause={run.cause} />
        {run.cause.kind === 'git' ? null : '.'}
      </p>
      {run.decision ? <p className={classes.aside}>Decided: {run.decision.reason}</p> : null}
      {run.stop ? (
        <p className={classes.aside}>
          Stopped by {run.stop.askedBy}: {run.stop.reason}
        </p>
      ) : null}
      {run.reason && run.stop === null ? <p className={classes.aside}>{run.reason}</p> : null}
    </>
  )
}
