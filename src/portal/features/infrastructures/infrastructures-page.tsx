import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CreatedInfrastructure, Infrastructure } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, CONNECTION } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { AddInfrastructureDialog } from './add-infrastructure-dialog.tsx'
import { ConnectCard } from './connect-card.tsx'

/** While an agent is awaited the list is read this often, in ms. */
const AWAIT_MS = 1500

export function InfrastructuresPage() {
  const { manage } = useMay()
  const [adding, { open, close }] = useDisclosure(false)
  const [created, setCreated] = useState<CreatedInfrastructure | null>(null)
  const query = usePlaces(created)
  const awaited = query.data?.items.find(({ id }) => id === created?.infrastructure.id)
  return (
    <Page title="Settings">
      <SettingsTabs />
      {created ? <ConnectCard created={created} connected={awaited?.connected ?? false} /> : null}
      <Card
        flush
        title="Where runs happen"
        aside={
          manage ? (
            <Button size="xs" leftSection={<Icon name="plus" size={13} />} onClick={open}>
              Add infrastructure
            </Button>
          ) : null
        }
      >
        {query.isPending ? <ListSkeleton rows={2} /> : null}
        {query.isError ? (
          <Failed what="The infrastructures" error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        {query.data ? <Places places={query.data.items} /> : null}
      </Card>
      <AddInfrastructureDialog opened={adding} onClose={close} onCreated={setCreated} />
    </Page>
  )
}

function usePlaces(created: CreatedInfrastructure | null) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.infrastructures(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/infrastructures', { params: { project }, signal }),
    refetchInterval: ({ state }) => {
      const place = state.data?.items.find(({ id }) => id === created?.infrastructure.id)
      return created === null || place?.connected ? false : AWAIT_MS
    }
  })
}

function Places({ places }: { places: readonly Infrastructure[] }) {
  if (places.length === 0) {
    return (
      <Empty title="No infrastructure yet">
        An agent runs the faults where your workloads are. Add an infrastructure, and one command starts its agent.
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
          <th>Commands of probes</th>
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
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
      <td data-label="Commands of probes">{place.allowCommands ? 'allowed' : 'not allowed'}</td>
    </tr>
  )
}
