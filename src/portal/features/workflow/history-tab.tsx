import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
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
import { Pager, useTurning } from '../../ui/pager.tsx'
import { When } from '../../ui/when.tsx'
import { RevisionDialog } from './revision-dialog.tsx'

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
  const [shown, setShown] = useState<number | null>(null)
  const { cursor, pages } = useTurning()
  const query = useRevisions(name, cursor)
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
          {query.data.items.map((revision) => (
            <Row
              key={revision.number}
              revision={revision}
              underActive={activated !== null && revision.number > activated}
              onView={setShown}
            />
          ))}
        </tbody>
      </table>
      <Pager what="revisions" pending={query.isPlaceholderData} {...pages(query.data)} />
      <RevisionDialog name={name} number={shown} onClose={() => setShown(null)} />
    </Card>
  )
}

function useRevisions(name: string, cursor: string | undefined) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.revisions(project, name), 'page', cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/workflows/:name/revisions', {
        params: { project, name },
        query: { cursor, limit: 50 },
        signal
      }),
    placeholderData: keepPreviousData
  })
}

interface RowProps {
  revision: Revision
  /** it came while its schedule was active */
  underActive: boolean
  onView: (number: number) => void
}

function Row({ revision, underActive, onView }: RowProps) {
  const { number, author, origin, message, commit, createdAt, overwritten } = revision
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
        {overwritten === null ? null : <OverwrittenLine by={overwritten} onView={onView} />}
      </td>
      <td data-label="Commit">{commit === null ? <span className={list.sub}>none</span> : <Commit id={commit} />}</td>
      <td data-label="When">
        <When at={createdAt} />
      </td>
      <td className={list.end}>
        <Button size="xs" variant="default" aria-label={`View revision ${number}`} onClick={() => onView(number)}>
          View
        </Button>
      </td>
    </tr>
  )
}

/** A commit of somebody else has rewritten the edit; what it did is a click away, as what the edit did is. */
function OverwrittenLine({ by, onView }: { by: NonNullable<Revision['overwritten']>; onView: (n: number) => void }) {
  return (
    <div className={list.inline}>
      <span>
        Overwritten in git by {by.author}
        {by.commit === null ? null : (
          <>
            , commit <Commit id={by.commit} />
          </>
        )}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => onView(by.revision)}>
        View revision {by.revision}
      </Button>
    </div>
  )
}
