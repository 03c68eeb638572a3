import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { Member } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import list from '../../ui/list.module.css'
import { useRemoveMember, useSetRole } from './queries.ts'
import { RoleField } from './role-field.tsx'

/** What an owner may do with a member. */
export function MemberActions({ member }: { member: Member }) {
  const [changing, change] = useDisclosure(false)
  return (
    <div className={list.inline}>
      <Button size="xs" variant="default" onClick={change.open} aria-label={`Change role of ${member.login}`}>
        Change role
      </Button>
      <RemoveButton member={member} />
      <Modal opened={changing} onClose={change.close} title={`Role of ${member.login}`}>
        <RoleForm member={member} onClose={change.close} />
      </Modal>
    </div>
  )
}

function RoleForm({ member, onClose }: { member: Member; onClose: () => void }) {
  const [role, setRole] = useState(member.role)
  const save = useSetRole(onClose)
  return (
    <Stack>
      <FormProblem error={save.error} />
      <RoleField value={role} onChange={setRole} />
      <Text size="sm">It has effect at once, also on API tokens and open pages of {member.login}.</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button
          disabled={role === member.role}
          loading={save.isPending}
          onClick={() => save.mutate({ login: member.login, role })}
        >
          Make {member.login} {role}
        </Button>
      </Group>
    </Stack>
  )
}

function RemoveButton({ member: { login } }: { member: Member }) {
  const project = useProject()
  const [opened, { open, close }] = useDisclosure(false)
  const remove = useRemoveMember(close)
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={`Remove ${login}`}>
        Remove
      </Button>
      <ConfirmDialog
        opened={opened}
        title={`Remove ${login}`}
        leave={`Keep ${login}`}
        act={`Remove ${login}`}
        pending={remove.isPending}
        error={remove.error}
        onClose={close}
        onAct={() => remove.mutate(login)}
      >
        {login} sees nothing of {project} from then on, also with API tokens and on open pages. What {login} did stays
        in history and audit, and so does the account on this server.
      </ConfirmDialog>
    </>
  )
}
