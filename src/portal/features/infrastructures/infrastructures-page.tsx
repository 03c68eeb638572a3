import { useQuery } from '@tanstack/react-query'
import type { Infrastructure } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, CONNECTION } from '../../ui/chip.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'

export function InfrastructuresPage() {
  return (
    <Page title="Settings">
      <SettingsTabs />
      <Card flush title="Where runs happen">
        <Places />
      </Card>
    </Page>
  )
}

function Places() {
  const api = useApi()
  const project = useProject()
  const query = useQuery({
    queryKey: keys.infrastructures(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/infrastructures', { params: { project }, signal })
  })
  if (query.isPending) return <ListSkeleton rows={2} />
  if (query.isError)
    return <Failed what="The infrastructures" error={query.error} onRetry={() => void query.refetch()} />
  if (query.data.items.length === 0) {
    return (
      <Empty title="No infrastructure yet">
        An agent runs the faults where your workloads are. On this machine, <code>faultline agent --local</code> starts
        one; it then stands here.
      </Empty>
    )
  }
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Agent</th>
          <th>Last seen</th>
          <th>Version</th>
        </tr>
      </thead>
      <tbody>
        {query.data.items.map((place) => (
          <Row key={place.id} place={place} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ place }: { place: Infrastructure }) {
  return (
    <tr>
      <td>
        <span className={list.name}>{place.name}</span>
        <div className={list.sub}>
          {place.kind}, {place.environment}
          {place.isDefault ? ', default of this project' : ''}
        </div>
      </td>
      <td data-label="Agent">
        <Chip face={place.connected ? CONNECTION.connected : CONNECTION.away} />
      </td>
      <td data-label="Last seen">{place.seenAt === null ? 'never' : <When at={place.seenAt} />}</td>
      <td data-label="Version">{place.agentVersion ?? '–'}</td>
    </tr>
  )
}
