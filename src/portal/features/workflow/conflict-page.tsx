import { Button, Group, Stack } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { CardSkeleton, Empty, Failed } from '../../ui/blank.tsx'
import { SyncChip } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { TextDiff } from '../editor/text-diff.tsx'
import { OpenEdits } from './open-edits.tsx'
import { useWorkflow } from './queries.ts'
import classes from './workflow.module.css'

const ConflictResult = lazy(() => import('./conflict-result.tsx').then((part) => ({ default: part.ConflictResult })))

type Conflict = NonNullable<Workflow['conflict']>

/** What each side changed since both were one text, and the text that comes of it. */
export function ConflictPage() {
  const { name } = useParams({ from: '/signed-in/p/$project/workflows/$name/conflict' })
  const project = useProject()
  const query = useWorkflow(name)
  const workflow = query.data
  return (
    <Page
      title={`${name}: conflict`}
      marks={workflow ? <SyncChip sync={workflow.sync} note={workflow.syncNote} commit={workflow.commit} /> : null}
      lead="Git and the portal both changed this workflow. Automatic and manual runs use the text of git until this is decided."
      actions={
        <Button component={Link} variant="default" to="/p/$project/workflows/$name" params={{ project, name } as never}>
          To the workflow
        </Button>
      }
    >
      {query.isPending ? <CardSkeleton rows={7} /> : null}
      {query.isError ? (
        <Failed what={`Workflow ${name}`} error={query.error} onRetry={() => void query.refetch()} />
      ) : null}
      {workflow ? (
        workflow.conflict ? (
          <Sides workflow={workflow} conflict={workflow.conflict} />
        ) : (
          <Empty title="There is no conflict any more">
            It was decided, or git has again what the edit was made from. The history of the workflow has every text.
          </Empty>
        )
      ) : null}
    </Page>
  )
}

function Sides({ workflow, conflict }: { workflow: Workflow; conflict: Conflict }) {
  const { edit } = useMay()
  const wide = useMediaQuery('(min-width: 75em)') ?? true
  return (
    <Stack gap={18}>
      <div className={classes.changes} data-wide={wide}>
        <Side
          title="What git changed"
          who={
            <>
              {conflict.gitAuthor}, <When at={conflict.gitAt} /> <Commit id={conflict.gitCommit} />
            </>
          }
          base={conflict.baseText}
          text={conflict.gitText}
          gone="The file was deleted in git."
        />
        <Side
          title="What the portal changed"
          who={
            <>
              {conflict.portalAuthor}, <When at={conflict.portalAt} />
            </>
          }
          base={conflict.baseText}
          text={conflict.portalText}
          gone="The workflow was deleted in the portal."
        />
      </div>
      <OpenEdits edits={workflow.edits} />
      {edit ? (
        <Suspense fallback={<CardSkeleton rows={6} />}>
          <ConflictResult workflow={workflow} conflict={conflict} />
        </Suspense>
      ) : null}
    </Stack>
  )
}

interface SideProps {
  title: string
  who: ReactNode
  base: string | null
  text: string | null
  gone: string
}

/** One side against what both were made from. */
function Side({ title, who, base, text, gone }: SideProps) {
  return (
    <Card title={title}>
      <Group gap="xs" className={classes.who}>
        {who}
      </Group>
      {text === null ? (
        <p className={classes.hint}>{gone}</p>
      ) : (
        <>
          <TextDiff before={base ?? ''} after={text} label={title} />
          {base === null ? (
            <p className={classes.hint}>It was new on both sides, so all of it counts as changed.</p>
          ) : null}
        </>
      )}
    </Card>
  )
}
