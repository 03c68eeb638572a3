import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import type { MemberBody } from '../../../contract/index.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { useAddMember } from './queries.ts'
import { RoleField } from './role-field.tsx'

export function AddMemberDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a member">
      <AddMemberForm onClose={onClose} />
    </Modal>
  )
}

function AddMemberForm({ onClose }: { onClose: () => void }) {
  const add = useAddMember((login) => {
    onClose()
    notifications.show({ message: `${login} is a member of this project.` })
  })
  const form = useForm<MemberBody>({
    initialValues: { login: '', role: 'viewer' },
    validate: { login: (login) => (login.trim() === '' ? 'Whom?' : null) }
  })
  return (
    <form onSubmit={form.onSubmit(({ login, role }) => add.mutate({ login: login.trim(), role }))}>
      <Stack>
        <FormProblem error={add.error} />
        <TextInput
          label="Login"
          description="Of somebody who is on this server already. An admin of the server can invite others."
          placeholder="ann"
          maxLength={63}
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('login')}
        />
        <RoleField value={form.values.role} onChange={(role) => form.setFieldValue('role', role)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add to this project
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
