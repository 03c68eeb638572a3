import { Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import type { MemberBody } from '../../../contract/index.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
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
    <DialogForm
      error={add.error}
      pending={add.isPending}
      submit="Add to this project"
      onSubmit={form.onSubmit(({ login, role }) => add.mutate({ login: login.trim(), role }))}
      onClose={onClose}
    >
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
    </DialogForm>
  )
}
