import { Button, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { Pager, useTurningByAddress } from '../../ui/pager.tsx'
import { WorkflowTable } from './workflow-table.tsx'

const FROM = '/signed-in/p/$project/workflows'
const PAGE = 100

export function WorkflowsPage() {
  const project = useProject()
  const { q = '' } = useSearch({ from: FROM })
  const { edit } = useMay()
  return (
    <Page
      title="Workflows"
      actions={
        edit ? (
          <Button
            component={Link}
            to="/p/$project/workflows/new"
            params={{ project } as never}
            leftSection={<Icon name="plus" size={14} />}
          >
            New workflow
          </Button>
        ) : null
      }
    >
      <Card flush>
        <Search />
        <WorkflowList key={q} q={q} />
      </Card>
      <Link to="/p/$project/deleted-workflows" params={{ project }} className={list.sub}>
        Deleted workflows
      </Link>
    </Page>
  )
}

function Search() {
  const { q = '' } = useSearch({ from: FROM })
  const navigate = useNavigate({ from: '/p/$project/workflows' })
  const [typed, setTyped] = useState(q)
  const search = useDebouncedCallback((text: string) => {
    void navigate({ search: text === '' ? {} : { q: text }, replace: true })
  }, 200)
  return (
    <div className={list.toolbar}>
      <TextInput
        aria-label="Search workflows"
        placeholder="Search by name or path"
        leftSection={<Icon name="search" size={14} />}
        value={typed}
        w={{ base: '100%', sm: 300 }}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          search(event.currentTarget.value.trim())
        }}
      />
    </div>
  )
}

/** One page at a time: however many there are, the browser holds few rows. */
function WorkflowList({ q }: { q: string }) {
  const { page, after } = useSearch({ from: FROM })
  const navigate = useNavigate({ from: '/p/$project/workflows' })
  const { cursor, pages } = useTurningByAddress({ page, after }, (place) => {
    void navigate({ search: { ...(q !== '' && { q }), ...place }, state: { turned: place.after !== undefined } })
  })
  const query = useWorkflowPage(q, cursor)
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <Failed what="The workflows" error={query.error} onRetry={() => void query.refetch()} />
  const { items } = query.data
  if (items.length === 0 && cursor === undefined) return q === '' ? <NoWorkflows /> : <NothingFound q={q} />
  return (
    <>
      <WorkflowTable rows={items} />
      <Pager what="workflows" pending={query.isPlaceholderData} {...pages(query.data)} />
    </>
  )
}

function useWorkflowPage(q: string, cursor: string | undefined) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.workflows(project, q), cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/workflows', {
        params: { project },
        query: { q: q === '' ? undefined : q, cursor, limit: PAGE },
        signal
      }),
    placeholderData: (before) => before
  })
}

function NoWorkflows() {
  const project = useProject()
  return (
    <Empty
      title="No workflow yet"
      action={
        <Button component={Link} to="/p/$project/workflows/new" params={{ project } as never}>
          Start from a template
        </Button>
      }
    >
      A workflow says which faults hit which workload, and which probes must hold meanwhile. Write one here, or push a
      file to <code>litmus/{project}/</code> of the connected repository.
    </Empty>
  )
}

function NothingFound({ q }: { q: string }) {
  return <Empty title={`Nothing is named like "${q}"`}>Names and paths are searched; try fewer letters.</Empty>
}
