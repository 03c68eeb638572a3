import { type ScheduleRules, scheduleWords } from '../../../domain/index.ts'
import { nextTimes } from '../../../manifest/index.ts'
import { Card } from '../../ui/page.tsx'
import { useNow } from '../../ui/when.tsx'
import { PlannedTime } from '../schedule/planned-time.tsx'
import classes from './workflow.module.css'

const SHOWN = 3

/** When the text, as it is typed, would start by itself. */
export function TypedSchedule({ rules: { schedule, held } }: { rules: ScheduleRules }) {
  const now = useNow(60_000)
  const times = held === null ? nextTimes(schedule, new Date(now), SHOWN) : []
  const timezone = schedule.kind === 'cron' ? schedule.timezone : null
  return (
    <Card title="Schedule">
      <strong>{scheduleWords(schedule)}</strong>
      {held === null ? null : <div>The file keeps it from starting anything: {held}.</div>}
      <ul className={classes.times}>
        {times.map((time) => (
          <li key={time.getTime()}>
            <PlannedTime at={time.toISOString()} timezone={timezone} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
