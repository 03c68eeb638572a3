import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import type { CreatedInvitation, InvitationBody } from '../../../contract/index.ts'
import { ROLES, type Role } from '../../../domain/index.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { When } from '../../ui/when.tsx'
import { useInvite } from './queries.ts'
import { ROLE_WORDS } from './role-field.tsx'

const DEFAULT_DAYS = 7
const MAX_DAYS = 30
const NO_PROJECT = 'none'

interface Typed {
  login: string
  name: string
  email: string
  role: Role | typeof NO_PROJECT
  days: number
}

/** Invites who is not on this server yet; the link is shown here alone, so that no stray click closes the dialog. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite a person" closeOnClickOutside={false}>
      <Invite onClose={onClose} />
    </Modal>
  )
}

function Invite({ onClose }: { onClose: () => void }) {
  const project = useProject()
  const { manage } = useMay()
  const invite = useInvite()
  const form = useForm<Typed>({
    initialValues: { login: '', name: '', email: '', role: manage ? 'viewer' : NO_PROJECT, days: DEFAULT_DAYS },
    validate: {
      login: (login) => (login.trim() === '' ? 'Choose a login.' : null),
      name: (name) => (name.trim() === '' ? 'Who is it?' : null)
    }
  })
  if (invite.data) return <Link created={invite.data} onClose={onClose} />
  return (
    <DialogForm
      error={invite.error}
      pending={invite.isPending}
      submit="Make the link"
      onSubmit={form.onSubmit((typed) => invite.mutate(bodyOf(typed, project)))}
      onClose={onClose}
    >
      <Person form={form} />
      <Offer form={form} />
    </DialogForm>
  )
}

function Person({ form }: { form: UseFormReturnType<Typed> }) {
  return (
    <>
      <TextInput
        label="Login"
        description="a-z, 0-9, dot, _ and -; it cannot be changed later."
        placeholder="ann"
        maxLength={63}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('login')}
      />
      <TextInput
        label="Name"
        placeholder="Ann Example"
        maxLength={100}
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Email"
        description="The author of this person's commits; may be left out. No mail is sent."
        placeholder="ann@example.com"
        maxLength={200}
        autoComplete="off"
        {...form.getInputProps('email')}
      />
    </>
  )
}

function Offer({ form }: { form: UseFormReturnType<Typed> }) {
  const project = useProject()
  const { manage } = useMay()
  const roles = ROLES.map((role) => ({ value: role as string, label: `${role}: ${ROLE_WORDS[role]}` }))
  return (
    <>
      {manage ? (
        <Select
          label={`Role in ${project}`}
          allowDeselect={false}
          data={[...roles, { value: NO_PROJECT, label: 'none: only an account on this server' }]}
          {...form.getInputProps('role')}
        />
      ) : null}
      <NumberInput label="The link works for" suffix=" days" min={1} max={MAX_DAYS} {...form.getInputProps('days')} />
    </>
  )
}

function Link({ created: { invitation, link }, onClose }: { created: CreatedInvitation; onClose: () => void }) {
  return (
    <Stack>
      <Text>
        Give this link to {invitation.name}, and to nobody else: who opens it chooses the password of{' '}
        <code>{invitation.login}</code>. It works once, expires <When at={invitation.expiresAt} />, and is not shown
        again.
      </Text>
      <CommandBlock what="invitation link" text={link} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}

function bodyOf({ login, name, email, role, days }: Typed, project: string): InvitationBody {
  return {
    login: login.trim(),
    name: name.trim(),
    email: email.trim() === '' ? null : email.trim(),
    membership: role === NO_PROJECT ? null : { project, role },
    days: Number(days) || DEFAULT_DAYS
  }
}
