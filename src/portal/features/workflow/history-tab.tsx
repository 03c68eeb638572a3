import { Button, Modal, Skeleton, Stack } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Revision, Workflow } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Commit } from '../../ui/copy.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'
import { When } from '../../ui/when.tsx'
import { TextDiff } from '../editor/text-diff.tsx'
import { RestoreRevision } from './restore-revision.tsx'

/** Commits and portal edits in one line, newest first. */
export function HistoryTab({ workflow: { name, definition, schedule } }: { workflow: Workflow }) {
  if (definition === null) {
    return (
      <Card flush>
        <Empty title="No revision yet">The first one stands here once the workflow has reached git.</Empty>
      </Card>
    )
  }
  return <Revisions name={name} activated={schedule?.activatedRevision ?? null} />
}

/** `activated`: the revision whose schedule a person activated; null = it is paused, or there is none */
function Revisions({ name, activated }: { name: string; activated: number | null }) {
  const [shown, setShown] = useState<Revision | null>(null)
  const query = useRevisions(name)
  if (query.isPending) return <ListSkeleton rows={4} />
  if (query.isError) return <Failed what="The history" error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Card flush>
      <table className={list.list}>
        <thead>
          <tr>
            <th>Revision</th>
            <th>Message</th>
            <th>Commit</th>
            <th>When</th>
            <th>
              <span className="visually-hidden">View</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {query.data.pages.flatMap((page) =>
            page.items.map((revision) => (
              <Row
                key={revision.number}
                revision={revision}
                underActive={activated !== null && revision.number > activated}
                onView={setShown}
              />
            ))
          )}
        </tbody>
      </table>
      <ShowOlder query={query} />
      <Modal opened={shown !== null} onClose={() => setShown(null)} title={titleOf(shown)} size={880}>
        {shown ? <RevisionText name={name} number={shown.number} onRestored={() => setShown(null)} /> : null}
      </Modal>
    </Card>
  )
}

function useRevisions(name: string) {
  const api = useApi()
  const project = useProject()
  return useInfiniteQuery({
    queryKey: keys.revisions(project, name),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /projects/:project/workflows/:name/revisions', {
        params: { project, name },
        query: { cursor: pageParam, limit: 50 },
        signal
      }),
    getNextPageParam: (page) => page.next ?? undefined
  })
}

interface RowProps {
  revision: Revision
  /** it came while its schedule was active */
  underActive: boolean
  onView: (revision: Revision) => void
}

function Row({ revision, underActive, onView }: RowProps) {
  const { number, author, origin, message, commit, createdAt } = revision
  return (
    <tr>
      <td>
        <span className={list.inline}>
          <Icon name={origin === 'git' ? 'commit' : 'edit'} size={14} />
          <span className={list.name}>{number}</span>
          <span className={list.sub}>{origin === 'git' ? 'from git' : 'from the portal'}</span>
        </span>
      </td>
      <td>
        {message ?? ''}
        <div className={list.sub}>
          {author}
          {underActive ? '; the schedule was active, and stayed so' : null}
        </div>
      </td>
      <td data-label="Commit">{commit === null ? <span className={list.sub}>none</span> : <Commit id={commit} />}</td>
      <td data-label="When">
        <When at={createdAt} />
      </td>
      <td className={list.end}>
        <Button size="xs" variant="default" aria-label={`View revision ${number}`} onClick={() => onView(revision)}>
          View
        </Button>
      </td>
    </tr>
  )
}

function titleOf(revision: Revision | null): string {
  return revision === null ? '' : `Revision ${revision.number}, and what it changed`
}

function RevisionText({ name, number, onRestored }: { name: string; number: number; onRestored: () => void }) {
  const api = useApi()
  const project = useProject()
  const text = (n: number) =>
    n === 0
      ? Promise.resolve('')
      : api.call('GET /projects/:project/workflows/:name/revisions/:number/manifest', {
          params: { project, name, number: String(n) }
        })
  const query = useQuery({
    queryKey: [...keys.revisions(project, name), number],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [before, after] = await Promise.all([text(number - 1).catch(() => ''), text(number)])
      return { before, after }
    }
  })
  if (query.isPending) return <Skeleton height={320} />
  if (query.isError) return <Failed what={`Revision ${number}`} error={query.error} />
  return (
    <Stack>
      <TextDiff {...query.data} label={`Revision ${number} of ${name}`} whole />
      <RestoreRevision name={name} number={number} text={query.data.after} onDone={onRestored} />
    </Stack>
  )
}
