import { useInfiniteQuery } from '@tanstack/react-query'
import type { AuditItem } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'
import { When } from '../../ui/when.tsx'
import classes from './audit.module.css'
import { changedFields } from './changed-fields.ts'

const PAGE_SIZE = 50

/** Who changed what, for owners. */
export function AuditPage() {
  const { manage } = useMay()
  return (
    <Page title="Settings">
      <SettingsTabs />
      <Card flush title="Who changed what in this project">
        {manage ? <Audit /> : <Empty title="For owners">An owner of the project can read here who changed what.</Empty>}
      </Card>
    </Page>
  )
}

function Audit() {
  const api = useApi()
  const project = useProject()
  const query = useInfiniteQuery({
    queryKey: keys.audit(project),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /projects/:project/audit', {
        params: { project },
        query: { cursor: pageParam, limit: PAGE_SIZE },
        signal
      }),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchOnMount: 'always'
  })
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The audit" error={query.error} onRetry={() => void query.refetch()} />
  const items = query.data.pages.flatMap((page) => page.items)
  if (items.length === 0) {
    return <Empty title="Nothing yet">Each change of settings, members, workflows and runs is kept here.</Empty>
  }
  return (
    <>
      <Table items={items} />
      <ShowOlder query={query} />
    </>
  )
}

function Table({ items }: { items: readonly AuditItem[] }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Who</th>
          <th>What</th>
          <th>Target</th>
          <th>Before → after</th>
          <th>When</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, actor, action, target, before, after, at }) => (
          <tr key={id}>
            <td>
              <span className={list.name}>{actor}</span>
            </td>
            <td data-label="What">
              <code>{action}</code>
            </td>
            <td data-label="Target">
              <span className={list.sub}>{target}</span>
            </td>
            <td>
              <Change before={before} after={after} />
            </td>
            <td data-label="When">
              <When at={at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Change({ before, after }: { before: unknown; after: unknown }) {
  const fields = changedFields(before, after)
  if (fields.length === 0) return null
  return (
    <details className={classes.change}>
      <summary>{fields.length === 1 ? fields[0]?.name : `${fields.length} fields`}</summary>
      <dl className={classes.fields}>
        {fields.map((field) => (
          <Field key={field.name} {...field} />
        ))}
      </dl>
    </details>
  )
}

function Field({ name, before, after }: { name: string; before: string | null; after: string | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {before ?? <span className={classes.none}>none</span>} → {after ?? <span className={classes.none}>none</span>}
      </dd>
    </>
  )
}
