import { Button, Checkbox, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CreatedToken, TokenBody } from '../../../contract/index.ts'
import type { TokenScope } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { TOKENS_KEY } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { When } from '../../ui/when.tsx'

const DEFAULT_DAYS = 90
const MAX_DAYS = 365

/** Beyond reading, which every token may. */
const SCOPES: { scope: TokenScope; words: string }[] = [
  { scope: 'run', words: 'Start and stop runs' },
  { scope: 'edit', words: 'Edit workflows, sync with git' },
  { scope: 'manage', words: 'Settings, members, infrastructures, audit' }
]

interface Typed {
  name: string
  scopes: TokenScope[]
  days: number
  thisProject: boolean
}

/** The secret is shown here alone, so that no stray click closes the dialog. */
export function NewTokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New API token" closeOnClickOutside={false}>
      <NewToken onClose={onClose} />
    </Modal>
  )
}

function NewToken({ onClose }: { onClose: () => void }) {
  const project = useProject()
  const create = useCreate()
  const form = useForm<Typed>({
    initialValues: { name: '', scopes: [], days: DEFAULT_DAYS, thisProject: true },
    validate: { name: (name) => (name.trim() === '' ? 'Say what it is for.' : null) }
  })
  if (create.data) return <Secret created={create.data} onClose={onClose} />
  return (
    <DialogForm
      error={create.error}
      pending={create.isPending}
      submit="Make the token"
      onSubmit={form.onSubmit((typed) => create.mutate(bodyOf(typed, project)))}
      onClose={onClose}
    >
      <Fields form={form} />
    </DialogForm>
  )
}

function Fields({ form }: { form: UseFormReturnType<Typed> }) {
  const project = useProject()
  return (
    <>
      <TextInput
        label="Name"
        description="What uses it."
        placeholder="pipeline of shop"
        maxLength={100}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Checkbox.Group
        label="Scopes"
        description="Every token reads. It never may more than you."
        {...form.getInputProps('scopes')}
      >
        <Stack gap={8} mt={8}>
          {SCOPES.map(({ scope, words }) => (
            <Checkbox key={scope} value={scope} label={scope} description={words} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox
        label={`For the project ${project} only`}
        description="Else it opens all projects of yours."
        {...form.getInputProps('thisProject', { type: 'checkbox' })}
      />
      <NumberInput label="Ends after" suffix=" days" min={1} max={MAX_DAYS} {...form.getInputProps('days')} />
    </>
  )
}

function Secret({ created: { token, secret }, onClose }: { created: CreatedToken; onClose: () => void }) {
  return (
    <Stack>
      <Text>
        Copy it to where {token.name} finds it: it is stored as a hash, and not shown again. It ends{' '}
        <When at={token.expiresAt} />.
      </Text>
      <CommandBlock what="API token" text={secret} />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}

function bodyOf({ name, scopes, days, thisProject }: Typed, project: string): TokenBody {
  return {
    name: name.trim(),
    scopes: ['read', ...scopes],
    project: thisProject ? project : null,
    days: Number(days) || DEFAULT_DAYS
  }
}

function useCreate() {
  const api = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: TokenBody) => api.call('POST /tokens', { body }),
    onSuccess: () => void client.invalidateQueries({ queryKey: TOKENS_KEY })
  })
}
