import type { ScheduleSummary } from '../../../contract/index.ts'
import { Chip, scheduleFace } from '../../ui/chip.tsx'
import list from '../../ui/list.module.css'
import { When } from '../../ui/when.tsx'
import { SwitchButton } from './switch-button.tsx'

/** When the workflow starts by itself, and whether it may, in one line. */
export function ScheduleLine({ name, schedule }: { name: string; schedule: ScheduleSummary }) {
  return (
    <div className={list.inline}>
      <Chip face={scheduleFace(schedule)} note={schedule.held} />
      <span>
        {schedule.words}
        {schedule.next === null ? null : (
          <>
            , next <When at={schedule.next} />
          </>
        )}
      </span>
      <SwitchButton name={name} state={schedule.state} />
    </div>
  )
}
