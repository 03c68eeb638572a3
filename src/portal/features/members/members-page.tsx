import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Member } from '../../../contract/index.ts'
import { useMay, useSession } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { AddMemberDialog } from './add-member-dialog.tsx'
import { InvitationsCard } from './invitations-card.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { MemberActions } from './member-actions.tsx'
import { useMembers } from './queries.ts'
import { ROLE_WORDS } from './role-field.tsx'

/** Who is in the project: for every member to see, for owners to change. */
export function MembersPage() {
  const query = useMembers()
  const { isAdmin } = useSession().user
  return (
    <Page title="Settings">
      <SettingsTabs />
      <Card flush title="Who is in this project" aside={<AddButtons />}>
        {query.isPending ? <ListSkeleton rows={3} /> : null}
        {query.isError ? <Failed what="The members" error={query.error} onRetry={() => void query.refetch()} /> : null}
        {query.data ? <Members members={query.data.items} /> : null}
      </Card>
      {isAdmin ? <InvitationsCard /> : null}
    </Page>
  )
}

function AddButtons() {
  const { manage } = useMay()
  const { isAdmin } = useSession().user
  const [adding, add] = useDisclosure(false)
  const [inviting, invite] = useDisclosure(false)
  return (
    <>
      {manage ? (
        <Button size="xs" variant="default" leftSection={<Icon name="plus" size={13} />} onClick={add.open}>
          Add member
        </Button>
      ) : null}
      {isAdmin ? (
        <Button size="xs" leftSection={<Icon name="user" size={13} />} onClick={invite.open}>
          Invite
        </Button>
      ) : null}
      <AddMemberDialog opened={adding} onClose={add.close} />
      <InviteDialog opened={inviting} onClose={invite.close} />
    </>
  )
}

function Members({ members }: { members: readonly Member[] }) {
  const { manage } = useMay()
  if (members.length === 0) {
    return <Empty title="Nobody is in this project">Members see its workflows and runs, each as the role allows.</Empty>
  }
  return (
    <table className={list.list}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Role</th>
          {manage ? <th>Actions</th> : null}
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <Row key={member.login} member={member} manage={manage} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ member, manage }: { member: Member; manage: boolean }) {
  const { user } = useSession()
  return (
    <tr>
      <td>
        <span className={list.name}>{member.name || member.login}</span>
        <div className={list.sub}>
          {member.login}
          {member.login === user.login ? ', you' : ''}
        </div>
      </td>
      <td>
        {member.role}
        <div className={list.sub}>{ROLE_WORDS[member.role]}</div>
      </td>
      {manage ? (
        <td>
          <MemberActions member={member} />
        </td>
      ) : null}
    </tr>
  )
}
