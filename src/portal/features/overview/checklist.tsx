import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Overview } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { Strata } from '../../ui/strata.tsx'
import classes from './overview.module.css'

/** The way to the first run; each step ticks itself when it is really done. */
export function Checklist({ overview: { checklist, workflows } }: { overview: Overview }) {
  const name = workflows.recent.find(({ definition }) => definition !== null)?.name ?? '<workflow>'
  return (
    <Card flush>
      <Welcome />
      <ol className={classes.checklist}>
        <Step
          done={checklist.gitConnected}
          title="Connect a git repository"
          action={<Way to="/p/$project/settings/gitops">Connect git</Way>}
        >
          Workflows then live there: a push appears here, an edit here becomes a commit. You can also start without it.
        </Step>
        <Step
          done={checklist.infrastructureConnected}
          title="Connect an infrastructure"
          action={<Way to="/p/$project/infrastructures">Add infrastructure</Way>}
        >
          An agent runs the faults where your workloads are; one command starts it.
        </Step>
        <Step
          done={checklist.workflowAdded}
          title="Add a workflow"
          action={<Way to="/p/$project/workflows/new">From a template</Way>}
        >
          Which faults hit which workload, and which probes must hold meanwhile.
        </Step>
        <Step done={checklist.workloadOptedIn} title="Opt a workload in">
          Two annotations on it, and each new image starts the workflow by itself.
          <CommandBlock what="annotations" text={annotations(name)} />
        </Step>
        <Step done={checklist.firstRun} title="See the first run">
          Press Run on a workflow, or release a new image of the workload.
        </Step>
      </ol>
    </Card>
  )
}

function Welcome() {
  return (
    <div className={classes.welcome}>
      <div>
        <h2>From here to the first run</h2>
        <p>Five steps, in any order. Each ticks itself when it is done.</p>
      </div>
      <Strata height={84} />
    </div>
  )
}

interface WayProps {
  to: '/p/$project/settings/gitops' | '/p/$project/infrastructures' | '/p/$project/workflows/new'
  children: ReactNode
}

function Way({ to, children }: WayProps) {
  const project = useProject()
  return (
    <Button component={Link} to={to} params={{ project } as never} size="xs" variant="default">
      {children}
    </Button>
  )
}

function annotations(workflow: string): string {
  return `litmuschaos.io/gitops: "true"\nlitmuschaos.io/workflow: ${workflow}`
}

interface StepProps {
  done: boolean
  title: string
  action?: ReactNode
  children: ReactNode
}

function Step({ done, title, action, children }: StepProps) {
  return (
    <li data-done={done}>
      <span className={classes.tick}>
        {done ? <Icon name="check" size={14} /> : null}
        <span className="visually-hidden">{done ? 'Done: ' : 'To do: '}</span>
      </span>
      <div className={classes.words}>
        <strong className={classes.name}>{title}</strong>
        {done ? null : <div className={classes.how}>{children}</div>}
      </div>
      {done ? null : action}
    </li>
  )
}
