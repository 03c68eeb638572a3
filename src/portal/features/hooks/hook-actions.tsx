import { ActionIcon, Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { CreatedHook, Hook } from '../../../contract/index.ts'
import { messageOf } from '../../client/problem-error.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { usePauseHook, useRemoveHook, useRenewSecret } from './queries.ts'
import { SetupDialog } from './setup-dialog.tsx'

type Asking = 'setup' | 'secret' | 'remove'

interface HookActionsProps {
  hook: Hook
  onSecret: (created: CreatedHook) => void
}

/** What an owner may do with a hook. */
export function HookActions({ hook, onSecret }: HookActionsProps) {
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = () => setAsking(null)
  return (
    <div className={list.inline}>
      <PauseButton hook={hook} />
      <Menu position="bottom-end" width={190}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={`Actions for ${hook.name}`}>
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="server" size={14} />} onClick={() => setAsking('setup')}>
            Set up the sender
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="key" size={14} />} onClick={() => setAsking('secret')}>
            New secret
          </Menu.Item>
          <Menu.Item color="red" leftSection={<Icon name="trash" size={14} />} onClick={() => setAsking('remove')}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === 'setup' ? <SetupDialog hook={hook} secret={null} onClose={close} /> : null}
      {asking === 'secret' ? <SecretDialog hook={hook} onSecret={onSecret} onClose={close} /> : null}
      {asking === 'remove' ? <RemoveDialog hook={hook} onClose={close} /> : null}
    </div>
  )
}

function PauseButton({ hook }: { hook: Hook }) {
  const pause = usePauseHook()
  const word = hook.paused ? 'Resume' : 'Pause'
  const onError = (error: Error) =>
    notifications.show({ color: 'red', title: 'The hook was not changed', message: messageOf(error) })
  return (
    <Button
      size="xs"
      variant="default"
      loading={pause.isPending}
      onClick={() => pause.mutate({ hook, paused: !hook.paused }, { onError })}
      aria-label={`${word} ${hook.name}`}
    >
      {word}
    </Button>
  )
}

function SecretDialog({ hook, onSecret, onClose }: HookActionsProps & { onClose: () => void }) {
  const renew = useRenewSecret((created) => {
    onClose()
    onSecret(created)
  })
  return (
    <ConfirmDialog
      opened
      title={`New secret for ${hook.name}`}
      leave="Keep the old one"
      act="Make the secret"
      pending={renew.isPending}
      error={renew.error}
      onClose={onClose}
      onAct={() => renew.mutate(hook.id)}
    >
      The secret before counts no more: until the sender has the new one, its calls are refused.
    </ConfirmDialog>
  )
}

function RemoveDialog({ hook: { id, name }, onClose }: { hook: Hook; onClose: () => void }) {
  const remove = useRemoveHook(onClose)
  return (
    <ConfirmDialog
      opened
      title={`Remove ${name}`}
      leave="Keep it"
      act={`Remove ${name}`}
      pending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onAct={() => remove.mutate(id)}
    >
      Calls of its address are refused from then on, and its decisions are forgotten. Its runs stay. It cannot be
      brought back; a new hook has another address.
    </ConfirmDialog>
  )
}
