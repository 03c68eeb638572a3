import { ActionIcon, Menu } from '@mantine/core'
import { useState } from 'react'
import type { CreatedInfrastructure, Infrastructure } from '../../../contract/index.ts'
import { useMay, useSession } from '../../frame/current.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ChangePlaceDialog } from './change-place-dialog.tsx'
import { GrantsDialog } from './grants-dialog.tsx'
import { useChooseDefault, useNewToken, useRemovePlace } from './queries.ts'

interface PlaceActionsProps {
  place: Infrastructure
  onToken: (created: CreatedInfrastructure) => void
}

type Asking = 'change' | 'token' | 'remove' | 'grants'

/** What the reader may do with an infrastructure; a local one serves one project, so there is nothing to grant. */
export function PlaceActions({ place, onToken }: PlaceActionsProps) {
  const { manage } = useMay()
  const { isAdmin } = useSession().user
  const [asking, setAsking] = useState<Asking | null>(null)
  const choose = useChooseDefault()
  const mayGrant = isAdmin && place.kind !== 'local'
  const mayChange = manage && place.manages
  const mayChoose = manage && !place.isDefault
  if (!mayChange && !mayChoose && !mayGrant) return null
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={`Actions for ${place.name}`} loading={choose.isPending}>
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayChange ? (
            <Item icon="edit" onClick={() => setAsking('change')}>
              {place.kind === 'kubernetes' ? 'Name, environment and engine' : 'Name and environment'}
            </Item>
          ) : null}
          {mayChoose ? (
            <Item icon="target" onClick={() => choose.mutate(place.id)}>
              Make it the default
            </Item>
          ) : null}
          {mayChange ? (
            <Item icon="key" onClick={() => setAsking('token')}>
              New registration token
            </Item>
          ) : null}
          {mayGrant ? (
            <Item icon="user" onClick={() => setAsking('grants')}>
              Grant to projects
            </Item>
          ) : null}
          {mayChange ? (
            <Item icon="trash" color="red" onClick={() => setAsking('remove')}>
              Remove
            </Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Dialogs asking={asking} place={place} onToken={onToken} onClose={() => setAsking(null)} />
    </>
  )
}

interface DialogsProps extends PlaceActionsProps {
  asking: Asking | null
  onClose: () => void
}

function Dialogs({ asking, place, onToken, onClose }: DialogsProps) {
  if (asking === 'change') return <ChangePlaceDialog place={place} onClose={onClose} />
  if (asking === 'token') return <TokenDialog place={place} onToken={onToken} onClose={onClose} />
  if (asking === 'remove') return <RemoveDialog place={place} onClose={onClose} />
  return asking === 'grants' ? <GrantsDialog place={place} onClose={onClose} /> : null
}

interface ItemProps {
  icon: 'edit' | 'target' | 'key' | 'user' | 'trash'
  color?: 'red'
  onClick: () => void
  children: string
}

function Item({ icon, color, onClick, children }: ItemProps) {
  return (
    <Menu.Item {...(color && { color })} leftSection={<Icon name={icon} size={14} />} onClick={onClick}>
      {children}
    </Menu.Item>
  )
}

function TokenDialog({ place, onToken, onClose }: PlaceActionsProps & { onClose: () => void }) {
  const renew = useNewToken((created) => {
    onClose()
    onToken(created)
  })
  return (
    <ConfirmDialog
      opened
      title={`New registration token for ${place.name}`}
      leave="Leave it"
      act="Make the token"
      pending={renew.isPending}
      error={renew.error}
      onClose={onClose}
      onAct={() => renew.mutate(place.id)}
    >
      For an agent that has lost its key, or a new machine. The key that works now ends when the token is used, not
      before; a token that was made earlier ends at once.
    </ConfirmDialog>
  )
}

function RemoveDialog({ place, onClose }: { place: Infrastructure; onClose: () => void }) {
  const remove = useRemovePlace(onClose)
  return (
    <ConfirmDialog
      opened
      title={`Remove ${place.name}`}
      leave="Keep it"
      act={`Remove ${place.name}`}
      pending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onAct={() => remove.mutate(place.id)}
    >
      Its agent ends by itself, with the workloads that it runs; no run can go there any more, and files that name it
      are refused. Its runs and their reports stay. It cannot be undone: to bring the machine back, add an
      infrastructure.
    </ConfirmDialog>
  )
}
