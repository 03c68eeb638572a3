import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { User } from '../../../contract/index.ts'
import { useSession } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, STANDINGS } from '../../ui/chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { InvitationsCard } from '../members/invitations-card.tsx'
import { InviteDialog } from '../members/invite-dialog.tsx'
import { useUsers } from './queries.ts'
import { UserActions } from './user-actions.tsx'

/** Everybody who has an account on this server, whatever the project: for its admins. */
export function UsersPage() {
  const { isAdmin } = useSession().user
  return (
    <Page title="Settings">
      <SettingsTabs />
      {isAdmin ? (
        <>
          <Card flush title="Users of this server" aside={<InviteButton />}>
            <Users />
          </Card>
          <InvitationsCard />
        </>
      ) : (
        <Card flush>
          <Empty title="For admins">An admin of this server says here who may sign in.</Empty>
        </Card>
      )}
    </Page>
  )
}

function InviteButton() {
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button size="xs" leftSection={<Icon name="user" size={13} />} onClick={open}>
        Invite
      </Button>
      <InviteDialog opened={opened} onClose={close} />
    </>
  )
}

function Users() {
  const query = useUsers()
  if (query.isPending) return <ListSkeleton rows={3} />
  if (query.isError) return <Failed what="The users" error={query.error} onRetry={() => void query.refetch()} />
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>May sign in</th>
          <th>Admin</th>
          <th>Since</th>
          <th>
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {query.data.items.map((user) => (
          <Row key={user.login} user={user} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ user }: { user: User }) {
  const { login, name, email, isAdmin, createdAt, deactivatedAt } = user
  const own = useSession().user.login === login
  return (
    <tr>
      <td>
        <span className={list.name}>{name || login}</span>
        <div className={list.sub}>
          {login}
          {own ? ', you' : ''}
          {email === null ? '' : ` · ${email}`}
        </div>
      </td>
      <td data-label="May sign in">
        <span className={list.inline}>
          <Chip face={deactivatedAt === null ? STANDINGS.active : STANDINGS.deactivated} />
          {deactivatedAt === null ? null : (
            <span className={list.sub}>
              <When at={deactivatedAt} />
            </span>
          )}
        </span>
      </td>
      <td data-label="Admin">{isAdmin ? 'admin' : <span className={list.sub}>no</span>}</td>
      <td data-label="Since">
        <When at={createdAt} />
      </td>
      <td className={list.end}>
        <UserActions user={user} />
      </td>
    </tr>
  )
}
