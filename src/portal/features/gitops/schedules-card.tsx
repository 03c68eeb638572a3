import { Switch } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Gitops } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { useSaveGitops } from './queries.ts'

/** Whether a schedule that is pushed starts something before a person has looked at it. */
export function SchedulesCard({ gitops: { url, branch, activateSchedules } }: { gitops: Gitops }) {
  const { manage } = useMay()
  const save = useSaveGitops()
  const change = (wanted: boolean) =>
    save.mutate(
      { url, branch, activateSchedules: wanted },
      { onSuccess: (saved) => notifications.show({ message: MEANING[saved.activateSchedules ? 'on' : 'off'] }) }
    )
  return (
    <Card title="Schedules that come from git">
      <FormProblem error={save.error} />
      <Switch
        label="Active at once"
        description={`${MEANING[activateSchedules ? 'on' : 'off']} Those that are here already stay as they are.`}
        checked={activateSchedules}
        disabled={!manage || save.isPending}
        onChange={(event) => change(event.currentTarget.checked)}
      />
    </Card>
  )
}

const MEANING = {
  on: 'The clock starts workflows whose schedule is pushed, without anybody’s word.',
  off: 'A schedule that is pushed is paused until a person activates it.'
}
