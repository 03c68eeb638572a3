import { SegmentedControl } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { AuditItem } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys, SERVER_AUDIT_KEY } from '../../client/keys.ts'
import { type AuditFilter, auditQuery } from '../../frame/audit-filter.ts'
import { useMay, useProject, useSession } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'
import { When } from '../../ui/when.tsx'
import classes from './audit.module.css'
import { AuditFilters } from './audit-filters.tsx'
import { changedFields } from './changed-fields.ts'

const PAGE_SIZE = 50

/** Who changed what: in the project, for its owners; on the whole server, for its admins. */
export function AuditPage() {
  const { manage } = useMay()
  const { isAdmin } = useSession().user
  const filter = useSearch({ from: '/signed-in/p/$project/settings/audit' })
  const server = isAdmin && (filter.of === 'server' || !manage)
  const title = server ? 'Who changed what on this server' : 'Who changed what in this project'
  return (
    <Page title="Settings">
      <SettingsTabs />
      <Card flush title={title} aside={isAdmin && manage ? <Scope filter={filter} /> : null}>
        {manage || server ? (
          <>
            <AuditFilters filter={filter} />
            <Audit filter={filter} server={server} />
          </>
        ) : (
          <Empty title="For owners">An owner of the project can read here who changed what.</Empty>
        )}
      </Card>
    </Page>
  )
}

function Scope({ filter: { of, ...narrowed } }: { filter: AuditFilter }) {
  const navigate = useNavigate({ from: '/p/$project/settings/audit' })
  return (
    <SegmentedControl
      size="xs"
      aria-label="Of what"
      data={[
        { value: 'project', label: 'This project' },
        { value: 'server', label: 'Whole server' }
      ]}
      value={of ?? 'project'}
      onChange={(value) => void navigate({ search: value === 'server' ? { of: value, ...narrowed } : narrowed })}
    />
  )
}

function Audit({ filter, server }: { filter: AuditFilter; server: boolean }) {
  const api = useApi()
  const project = useProject()
  const query = useInfiniteQuery({
    queryKey: [...(server ? SERVER_AUDIT_KEY : keys.audit(project)), filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...auditQuery(filter, Date.now()), cursor: pageParam, limit: PAGE_SIZE }
      return server
        ? api.call('GET /audit', { query, signal })
        : api.call('GET /projects/:project/audit', { params: { project }, query, signal })
    },
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnMount: 'always'
  })
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The audit" error={query.error} onRetry={() => void query.refetch()} />
  const items = query.data.pages.flatMap((page) => page.items)
  if (items.length === 0) {
    return Object.keys(filter).some((name) => name !== 'of') ? (
      <Empty title="No such line">Nothing that is kept fits this filter.</Empty>
    ) : (
      <Empty title="Nothing yet">Each change of settings, members, workflows and runs is kept here.</Empty>
    )
  }
  return (
    <>
      <Table items={items} server={server} />
      <ShowOlder query={query} />
    </>
  )
}

function Table({ items, server }: { items: readonly AuditItem[]; server: boolean }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Who</th>
          <th>What</th>
          <th>Target</th>
          {server ? <th>Project</th> : null}
          <th>Before → after</th>
          <th>When</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, actor, address, action, project, target, before, after, at }) => (
          <tr key={id}>
            <td>
              <span className={list.name}>{actor}</span>
              {address === null ? null : <div className={list.sub}>{address}</div>}
            </td>
            <td data-label="What">
              <code>{action}</code>
            </td>
            <td data-label="Target">
              <span className={list.sub}>{target}</span>
            </td>
            {server ? <td data-label="Project">{project ?? <span className={list.sub}>none</span>}</td> : null}
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
