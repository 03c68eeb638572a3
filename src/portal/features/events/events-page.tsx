import { Select, Tabs, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { EventFilter } from '../../frame/event-filter.ts'
import { EVENT_TABS, OUTCOMES } from '../../frame/event-filter.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { Pager, useTurning } from '../../ui/pager.tsx'
import { ChangeList } from '../overview/changes-card.tsx'
import { useChanges } from './queries.ts'
import { Workloads } from './workloads.tsx'

const Policies = lazy(() => import('../policies/policies.tsx').then((part) => ({ default: part.Policies })))
const Simulator = lazy(() => import('../policies/simulator.tsx').then((part) => ({ default: part.Simulator })))

const WORDS = { triggered: 'Triggered a run', 'not-triggered': 'No run', waiting: 'Waiting' } as const
const CHOICES = OUTCOMES.map((value) => ({ value, label: WORDS[value] }))

/** What was released, and what was decided because of it, also where nothing was triggered. */
export function EventsPage() {
  const filter = useSearch({ from: '/signed-in/p/$project/events' })
  const navigate = useNavigate({ from: '/p/$project/events' })
  const choose = (value: string | null) => {
    const tab = EVENT_TABS.find((word) => word === value)
    void navigate({ search: tab === undefined ? {} : { tab } })
  }
  return (
    <Page title="Events">
      <Tabs value={filter.tab ?? 'changes'} onChange={choose} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="changes">Changes</Tabs.Tab>
          <Tabs.Tab value="workloads">Workloads</Tabs.Tab>
          <Tabs.Tab value="policies">Policies</Tabs.Tab>
          <Tabs.Tab value="simulator">Simulator</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="changes">
          <Card flush>
            <Filters filter={filter} />
            <Changes key={JSON.stringify(filter)} filter={filter} />
          </Card>
        </Tabs.Panel>
        <Tabs.Panel value="workloads">
          <Workloads />
        </Tabs.Panel>
        <Suspense fallback={<ListSkeleton />}>
          <Tabs.Panel value="policies">
            <Policies />
          </Tabs.Panel>
          <Tabs.Panel value="simulator">
            <Simulator change={filter.change ?? null} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  )
}

/** In the URL, so that a view can be shared and Back works. */
function Filters({ filter }: { filter: EventFilter }) {
  const navigate = useNavigate({ from: '/p/$project/events' })
  const { outcome, q } = filter
  return (
    <search className={list.toolbar} aria-label="Filter the events">
      <Select
        aria-label="Any decision"
        placeholder="Any decision"
        data={CHOICES}
        value={outcome ?? null}
        onChange={(value) => {
          const chosen = OUTCOMES.find((word) => word === value)
          void navigate({ search: { ...(q && { q }), ...(chosen && { outcome: chosen }) } })
        }}
        clearable
        w={{ base: '100%', sm: 190 }}
      />
      <TextInput
        aria-label="Workload"
        placeholder="Workload"
        leftSection={<Icon name="search" size={13} />}
        maxLength={200}
        value={q ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: { ...(outcome && { outcome }), ...(value !== '' && { q: value }) }, replace: true })
        }
        w={{ base: '100%', sm: 220 }}
      />
    </search>
  )
}

function Changes({ filter }: { filter: EventFilter }) {
  const { cursor, pages } = useTurning()
  const query = useChanges(filter, cursor)
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The events" error={query.error} onRetry={() => void query.refetch()} />
  const { items } = query.data
  if (items.length === 0 && cursor === undefined) {
    return filter.outcome === undefined && filter.q === undefined ? (
      <Empty title="No change seen yet">
        When the image of a workload changes, or what a policy asks for, it stands here with what was decided and why.
        Workloads shows what is watched.
      </Empty>
    ) : (
      <Empty title="No change fits">Take a filter away.</Empty>
    )
  }
  return (
    <>
      <ChangeList changes={items} simulates />
      <Pager what="events" pending={query.isPlaceholderData} {...pages(query.data)} />
    </>
  )
}
