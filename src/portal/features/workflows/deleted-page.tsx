import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { DeletedWorkflow } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { Pager, useTurning } from '../../ui/pager.tsx'
import { When } from '../../ui/when.tsx'
import { TextDiff } from '../editor/text-diff.tsx'

/** Deletions are soft: what each workflow was, and the way back. */
export function DeletedPage() {
  const project = useProject()
  return (
    <Page
      title="Deleted workflows"
      lead="Deleted here or in git. Restoring brings back the last text, with history and runs."
      actions={
        <Button component={Link} variant="default" to="/p/$project/workflows" params={{ project } as never}>
          To the workflows
        </Button>
      }
    >
      <Card flush>
        <DeletedList />
      </Card>
    </Page>
  )
}

function DeletedList() {
  const api = useApi()
  const project = useProject()
  const [chosen, setChosen] = useState<DeletedWorkflow | null>(null)
  const { cursor, pages } = useTurning()
  const query = useQuery({
    queryKey: [...keys.deleted(project), 'page', cursor ?? null],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/deleted-workflows', {
        params: { project },
        query: { cursor, limit: 50 },
        signal
      }),
    placeholderData: keepPreviousData
  })
  if (query.isPending) return <ListSkeleton rows={4} />
  if (query.isError) {
    return <Failed what="What was deleted" error={query.error} onRetry={() => void query.refetch()} />
  }
  const { items } = query.data
  if (items.length === 0 && cursor === undefined)
    return <Empty title="Nothing was deleted">What is deleted one day can be restored here.</Empty>
  return (
    <>
      <Table rows={items} onLook={setChosen} />
      <Pager what="deleted workflows" pending={query.isPlaceholderData} {...pages(query.data)} />
      <Modal
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={`Restore ${chosen?.name ?? ''}`}
        size={880}
      >
        {chosen ? <Restore deleted={chosen} onClose={() => setChosen(null)} /> : null}
      </Modal>
    </>
  )
}

function Table({ rows, onLook }: { rows: readonly DeletedWorkflow[]; onLook: (row: DeletedWorkflow) => void }) {
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Deleted</th>
          <th>
            <span className="visually-hidden">Look</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.definition} row={row} onLook={() => onLook(row)} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row: { name, path, deletedAt }, onLook }: { row: DeletedWorkflow; onLook: () => void }) {
  return (
    <tr>
      <td>
        <span className={list.name}>{name}</span>
        <div className={list.sub}>{path}</div>
      </td>
      <td data-label="Deleted">
        <When at={deletedAt} />
      </td>
      <td className={list.end}>
        <Button size="xs" variant="default" aria-label={`Look at ${name}`} onClick={onLook}>
          Look
        </Button>
      </td>
    </tr>
  )
}

function Restore({ deleted: { definition, name, path }, onClose }: { deleted: DeletedWorkflow; onClose: () => void }) {
  const api = useApi()
  const project = useProject()
  const { edit } = useMay()
  const restore = useRestore(definition, name)
  const query = useQuery({
    queryKey: [...keys.deleted(project), definition],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/deleted-workflows/:definition/manifest', {
        params: { project, definition },
        signal
      })
  })
  if (query.isPending) return <Skeleton height={320} />
  if (query.isError) return <Failed what={`The last text of ${name}`} error={query.error} />
  return (
    <Stack>
      <FormProblem error={restore.error} />
      <Text>
        This text is saved again as <code>{path}</code>.
      </Text>
      <TextDiff before="" after={query.data} label={`The last text of ${name}`} whole />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Leave it deleted
        </Button>
        {edit ? (
          <Button loading={restore.isPending} onClick={() => restore.mutate()}>
            Restore {name}
          </Button>
        ) : null}
      </Group>
    </Stack>
  )
}

function useRestore(definition: string, name: string) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () =>
      api.call('POST /projects/:project/deleted-workflows/:definition/restore', { params: { project, definition } }),
    onSuccess: async (edit) => {
      const message = edit.state === 'open' ? 'It is on its way to git.' : 'It is back.'
      notifications.show({ title: `${name} is restored`, message })
      await client.invalidateQueries({ queryKey: keys.project(project) })
      await navigate({ to: '/p/$project/workflows/$name', params: { project, name: edit.name } })
    }
  })
}
