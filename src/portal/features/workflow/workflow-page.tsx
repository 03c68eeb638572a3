import { Skeleton, Tabs } from '@mantine/core'
import { Link, Navigate, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { isPolicyKind } from '../../../domain/index.ts'
import { useProject } from '../../frame/current.ts'
import type { WorkflowTab } from '../../frame/workflow-tab.ts'
import { CardSkeleton, Failed } from '../../ui/blank.tsx'
import { Chip, runFace, SyncChip } from '../../ui/chip.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { FileLink } from '../../ui/repository-links.tsx'
import { Score } from '../../ui/score.tsx'
import { When } from '../../ui/when.tsx'
import { RunList } from '../runs/run-list.tsx'
import { ScoreChart } from '../runs/score-chart.tsx'
import { ScheduleLine } from '../schedule/schedule-line.tsx'
import { OpenEdits } from './open-edits.tsx'
import { useWorkflow } from './queries.ts'
import { WorkflowActions } from './workflow-actions.tsx'

const DefinitionTab = lazy(() => import('./definition-tab.tsx').then((part) => ({ default: part.DefinitionTab })))
const TriggersTab = lazy(() => import('./triggers-tab.tsx').then((part) => ({ default: part.TriggersTab })))
const HistoryTab = lazy(() => import('./history-tab.tsx').then((part) => ({ default: part.HistoryTab })))
const OverwrittenCard = lazy(() => import('./overwritten-card.tsx').then((part) => ({ default: part.OverwrittenCard })))
const ConflictPanel = lazy(() => import('./conflict-panel.tsx').then((part) => ({ default: part.ConflictPanel })))

export function WorkflowPage() {
  const project = useProject()
  const { name } = useParams({ from: '/signed-in/p/$project/workflows/$name' })
  const query = useWorkflow(name)
  if (query.isPending) return <Loading name={name} />
  if (query.isError) {
    return (
      <Page title={name}>
        <Failed what={`Workflow ${name}`} error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  // it was renamed: an old link, or just now
  if (query.data.name !== name)
    return <Navigate to="/p/$project/workflows/$name" params={{ project, name: query.data.name }} replace />
  return <Loaded key={name} workflow={query.data} />
}

function Loaded({ workflow }: { workflow: Workflow }) {
  return (
    <Page
      title={workflow.name}
      marks={<SyncChip sync={workflow.sync} note={workflow.syncNote} commit={workflow.commit} />}
      lead={<Lead workflow={workflow} />}
      actions={<WorkflowActions workflow={workflow} />}
    >
      <OpenEdits edits={workflow.conflict ? waiting(workflow) : workflow.edits} />
      {workflow.conflict ? (
        <Suspense fallback={<Skeleton height={240} />}>
          <ConflictPanel name={workflow.name} conflict={workflow.conflict} />
        </Suspense>
      ) : null}
      {workflow.overwritten ? (
        <Suspense fallback={<Skeleton height={96} radius="md" />}>
          <OverwrittenCard name={workflow.name} edit={workflow.overwritten} />
        </Suspense>
      ) : null}
      <WorkflowTabs workflow={workflow} />
    </Page>
  )
}

/** The conflict itself has a card of its own. */
function waiting({ edits }: Workflow): Workflow['edits'] {
  return edits.filter(({ state }) => state !== 'conflict')
}

function Lead({ workflow }: { workflow: Workflow }) {
  const project = useProject()
  const { kind, path, lastRun, suspended, schedule } = workflow
  return (
    <>
      <div className={list.inline}>
        {kind}
        <FileLink path={path} commit={workflow.fileCommit} />
        {lastRun ? (
          <Link to="/p/$project/runs/$run" params={{ project, run: lastRun.id }} className={list.inline}>
            last run <Chip face={runFace(lastRun)} /> <Score score={lastRun.score} />
          </Link>
        ) : null}
        {lastRun ? <When at={lastRun.at} /> : null}
      </div>
      {schedule ? <ScheduleLine name={workflow.name} schedule={schedule} /> : null}
      {suspended ? <div>Automatic runs are suspended: {suspended}.</div> : null}
    </>
  )
}

function WorkflowTabs({ workflow }: { workflow: Workflow }) {
  const project = useProject()
  const isPolicy = isPolicyKind(workflow.kind)
  const { tab = 'definition' } = useSearch({ from: '/signed-in/p/$project/workflows/$name' })
  const navigate = useNavigate({ from: '/p/$project/workflows/$name' })
  const choose = (value: string | null) => {
    void navigate({ search: value === 'definition' ? {} : { tab: value as WorkflowTab }, replace: true })
  }
  return (
    <Tabs value={tab} onChange={choose} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="definition">Definition</Tabs.Tab>
        {isPolicy ? null : <Tabs.Tab value="runs">Runs</Tabs.Tab>}
        <Tabs.Tab value="history">History</Tabs.Tab>
        {isPolicy ? null : <Tabs.Tab value="triggers">Triggers</Tabs.Tab>}
      </Tabs.List>
      <Suspense fallback={<CardSkeleton rows={8} />}>
        <Tabs.Panel value="definition">
          <DefinitionTab workflow={workflow} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <ScoreChart workflow={workflow.name} />
          <Card flush>
            <RunList project={project} filter={{ workflow: workflow.name }} />
          </Card>
        </Tabs.Panel>
        <Tabs.Panel value="triggers">
          <TriggersTab workflow={workflow} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab workflow={workflow} />
        </Tabs.Panel>
      </Suspense>
    </Tabs>
  )
}

function Loading({ name }: { name: string }) {
  return (
    <Page title={name}>
      <Skeleton height={36} width={280} />
      <CardSkeleton rows={8} />
    </Page>
  )
}
