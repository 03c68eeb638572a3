import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Invitation } from '../../../contract/index.ts'
import { Failed } from '../../ui/blank.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { useInvitations, useWithdraw } from './queries.ts'

/** For the admin: who was invited to this server and has not come yet. */
export function InvitationsCard() {
  const query = useInvitations()
  if (query.isError)
    return <Failed what="The open invitations" error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data || query.data.items.length === 0) return null
  return (
    <Card flush title="Open invitations to this server">
      <table className={list.list}>
        <thead>
          <tr>
            <th>Person</th>
            <th>Invited to</th>
            <th>By</th>
            <th>Expires</th>
            <th>Action</th>
          </tr>
        </thead>
        <tbody>
          {query.data.items.map((invitation) => (
            <Row key={invitation.id} invitation={invitation} />
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function Row({ invitation }: { invitation: Invitation }) {
  const { login, name, membership, invitedBy, expiresAt } = invitation
  return (
    <tr>
      <td>
        <span className={list.name}>{name}</span>
        <div className={list.sub}>{login}</div>
      </td>
      <td data-label="Invited to">{membership ? `${membership.project}, as ${membership.role}` : 'this server'}</td>
      <td data-label="By">{invitedBy}</td>
      <td data-label="Expires">
        <When at={expiresAt} />
      </td>
      <td>
        <WithdrawButton invitation={invitation} />
      </td>
    </tr>
  )
}

function WithdrawButton({ invitation: { id, login } }: { invitation: Invitation }) {
  const [opened, { open, close }] = useDisclosure(false)
  const withdraw = useWithdraw(close)
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={`Withdraw the invitation of ${login}`}>
        Withdraw
      </Button>
      <ConfirmDialog
        opened={opened}
        title={`Withdraw the invitation of ${login}`}
        leave="Keep it open"
        act="Withdraw it"
        pending={withdraw.isPending}
        error={withdraw.error}
        onClose={close}
        onAct={() => withdraw.mutate(id)}
      >
        The link works no more. A new invitation can be made at any time.
      </ConfirmDialog>
    </>
  )
}
