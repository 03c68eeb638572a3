import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Token } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { TOKENS_KEY } from '../../client/keys.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { NewTokenDialog } from './new-token-dialog.tsx'

/** The reader's own API tokens, of all projects. */
export function TokensPage() {
  const api = useApi()
  const [making, { open, close }] = useDisclosure(false)
  const query = useQuery({ queryKey: TOKENS_KEY, queryFn: ({ signal }) => api.call('GET /tokens', { signal }) })
  return (
    <Page title="Settings">
      <SettingsTabs />
      <Card
        flush
        title="Your API tokens, for all your projects"
        aside={
          <Button size="xs" leftSection={<Icon name="plus" size={13} />} onClick={open}>
            New token
          </Button>
        }
      >
        {query.isPending ? <ListSkeleton rows={2} /> : null}
        {query.isError ? <Failed what="Your tokens" error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data ? <Tokens tokens={query.data.items} /> : null}
      </Card>
      <NewTokenDialog opened={making} onClose={close} />
    </Page>
  )
}

function Tokens({ tokens }: { tokens: readonly Token[] }) {
  if (tokens.length === 0) {
    return (
      <Empty title="No token yet">
        With a token a pipeline or a script acts for you: it may what its scopes say, and never more than you. Make one
        for each use, so that each can be revoked alone.
      </Empty>
    )
  }
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Scopes</th>
          <th>Project</th>
          <th>Last used</th>
          <th>End</th>
          <th>Action</th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <Row key={token.id} token={token} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ token }: { token: Token }) {
  const { name, scopes, project, createdAt, expiresAt, lastUsedAt } = token
  const over = Date.parse(expiresAt) <= Date.now()
  return (
    <tr>
      <td>
        <span className={list.name}>{name}</span>
        <div className={list.sub}>
          made <When at={createdAt} />
        </div>
      </td>
      <td data-label="Scopes">{scopes.join(', ')}</td>
      <td data-label="Project">{project ?? 'all of yours'}</td>
      <td data-label="Last used">{lastUsedAt === null ? 'never' : <When at={lastUsedAt} />}</td>
      <td data-label="End">
        <span>
          {over ? 'expired ' : ''}
          <When at={expiresAt} />
        </span>
      </td>
      <td>
        <RevokeButton token={token} />
      </td>
    </tr>
  )
}

function RevokeButton({ token: { id, name } }: { token: Token }) {
  const [opened, { open, close }] = useDisclosure(false)
  const revoke = useRevoke(close)
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={`Revoke ${name}`}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={opened}
        title={`Revoke ${name}`}
        leave="Keep it"
        act={`Revoke ${name}`}
        pending={revoke.isPending}
        error={revoke.error}
        onClose={close}
        onAct={() => revoke.mutate(id)}
      >
        Whatever uses this token is refused from then on. It cannot be brought back; a new one can be made.
      </ConfirmDialog>
    </>
  )
}

function useRevoke(onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (token: string) => api.call('DELETE /tokens/:token', { params: { token } }),
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: TOKENS_KEY })
  })
}
