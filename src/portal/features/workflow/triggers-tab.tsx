import { Link } from '@tanstack/react-router'
import type { Workflow } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import { Card } from '../../ui/page.tsx'
import { ScheduleCard } from '../schedule/schedule-card.tsx'
import classes from './workflow.module.css'

/** What starts the workflow besides a person: the clock, a workload that changes, a commit, another system. */
export function TriggersTab({ workflow: { name, schedule, kind } }: { workflow: Workflow }) {
  const project = useProject()
  return (
    <div className={classes.triggers}>
      {schedule === null ? (
        <Card title="Schedule">
          {kind === 'CronWorkflow' || kind === 'ChaosSchedule'
            ? 'Its schedule is there as soon as the file has reached git.'
            : 'It has none. A CronWorkflow or a ChaosSchedule says when it starts; New workflow has a template of one.'}
        </Card>
      ) : (
        <ScheduleCard name={name} />
      )}
      <Card title="When a workload changes">
        <p>
          Give the workload these annotations, and this workflow runs whenever its image has changed. An event policy
          (Events, Policies) says more: which other changes, and when.
        </p>
        <CommandBlock text={annotations(name)} what="annotations" />
      </Card>
      <Card title="By a commit">
        <p>Where the project lets pushes start runs, this line at the end of a commit message asks for one.</p>
        <CommandBlock text={`Chaos-Run: ${name}`} what="trailer" />
      </Card>
      <Card title="By another system">
        <p>
          Argo CD, Flux, Alertmanager, or whatever sends CloudEvents, starts it by a hook:{' '}
          <Link to="/p/$project/settings/hooks" params={{ project }}>
            Settings, Hooks
          </Link>
          .
        </p>
      </Card>
    </div>
  )
}

function annotations(name: string): string {
  return `litmuschaos.io/gitops: "true"\nlitmuschaos.io/workflow: ${name}`
}
