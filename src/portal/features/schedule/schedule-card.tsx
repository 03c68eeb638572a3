import { Link } from '@tanstack/react-router'
import type { Schedule } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, type Face, scheduleFace } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { PlannedTime } from './planned-time.tsx'
import { useSchedule } from './queries.ts'
import classes from './schedule.module.css'

const CONCURRENCY: Record<Schedule['concurrency'], string> = {
  Allow: 'starts another one beside it',
  Forbid: 'leaves the new one out',
  Replace: 'stops it, and begins when it has recovered'
}

const STARTS: Record<Schedule['starts'][number]['state'], Face> = {
  queued: { word: 'Asked for', icon: 'clock', tone: 'live' },
  admitted: { word: 'Started', icon: 'runs', tone: 'pass' },
  refused: { word: 'Refused', icon: 'cross', tone: 'fail' },
  dropped: { word: 'Left out', icon: 'skip', tone: 'wait' }
}

/** When the workflow starts by itself, who lets it, and what came of it. */
export function ScheduleCard({ name }: { name: string }) {
  const query = useSchedule(name)
  if (query.isPending) return <ListSkeleton rows={5} />
  if (query.isError) return <Failed what="The schedule" error={query.error} onRetry={() => void query.refetch()} />
  const schedule = query.data
  return (
    <>
      <Card title="Schedule">
        <p className={classes.words}>
          <Chip face={scheduleFace(schedule)} />
          <strong>{schedule.words}</strong>
        </p>
        <p className={classes.quiet}>
          <Standing schedule={schedule} />
        </p>
        <div className={classes.columns}>
          <Times schedule={schedule} />
          <Rules schedule={schedule} />
        </div>
      </Card>
      <Starts schedule={schedule} />
    </>
  )
}

function Standing({ schedule }: { schedule: Schedule }) {
  const { kind, state, held, changedBy, changedAt, changes } = schedule
  if (held !== null) return <>The file keeps it from starting anything: {held}.</>
  if (changedBy === null || changedAt === null)
    return <>Nothing is started by the clock until a person activates the schedule.</>
  if (kind === 'on-activation')
    return (
      <>
        Activated last by {changedBy} <When at={changedAt} />. Activate it again, and it starts once more.
      </>
    )
  const [latest] = changes
  return (
    <>
      {state === 'active' ? 'Activated' : 'Paused'} by {changedBy} <When at={changedAt} />.
      {latest === undefined ? null : (
        <>
          {' '}
          The file has changed since: revision {latest.revision} by {latest.author}, <When at={latest.at} />. It stayed
          active.
        </>
      )}
    </>
  )
}

function Times({ schedule: { kind, times, timezone, state, held } }: { schedule: Schedule }) {
  if (kind === 'on-activation') return null
  return (
    <section>
      <h3>{state === 'active' ? 'Next times' : 'Next times, once it is active'}</h3>
      {times.length === 0 ? (
        <p className={classes.quiet}>
          {held === null ? 'No time of its own is to come.' : 'None while the file holds it.'}
        </p>
      ) : (
        <ol className={classes.times}>
          {times.map((at) => (
            <li key={at}>
              <PlannedTime at={at} timezone={timezone} />
              <small>
                <When at={at} />
              </small>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Rules({ schedule: { timezone, crons, concurrency, startingDeadlineSeconds } }: { schedule: Schedule }) {
  const late =
    startingDeadlineSeconds === 0
      ? 'not made up for'
      : `the latest is made up for, if it is at most ${lateness(startingDeadlineSeconds)} late`
  return (
    <section>
      <h3>As the file says</h3>
      <dl className={classes.rules}>
        {crons.length === 0 ? null : (
          <>
            <dt>Cron</dt>
            <dd>
              {crons.map((cron) => (
                <code key={cron}>{cron}</code>
              ))}
            </dd>
          </>
        )}
        <dt>Time zone</dt>
        <dd>{timezone ?? 'UTC'}</dd>
        <dt>While one runs</dt>
        <dd>
          {concurrency}: {CONCURRENCY[concurrency]}
        </dd>
        <dt>Missed starts</dt>
        <dd>{late}</dd>
      </dl>
    </section>
  )
}

function lateness(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}

function Starts({ schedule: { starts, timezone } }: { schedule: Schedule }) {
  const project = useProject()
  return (
    <Card flush title="Starts">
      {starts.length === 0 ? (
        <p className={classes.none}>What the clock starts stands here, and what it leaves out, with the reason.</p>
      ) : (
        <ul className={classes.starts}>
          {starts.map(({ request, cause, state, reason, run }) => (
            <li key={request}>
              <Chip face={STARTS[state]} />
              <div>
                <PlannedTime at={cause.at} timezone={timezone} />
                {cause.madeUp ? ' (made up for)' : null}
                {reason === null ? null : <div className={classes.quiet}>{reason}</div>}
              </div>
              {run === null ? null : (
                <Link to="/p/$project/runs/$run" params={{ project, run }}>
                  See the run<span className="visually-hidden"> of {cause.at}</span>
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
