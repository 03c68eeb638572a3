import { Menu, Modal, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import { useSignOut } from '../client/session.ts'
import { PasswordForm } from '../features/login/password-form.tsx'
import { Icon } from '../ui/icon.tsx'
import { useProject, useSession } from './current.ts'
import classes from './frame.module.css'

export function AccountMenu() {
  const { user, version } = useSession()
  const project = useProject()
  const signOut = useSignOut()
  const [changing, { open, close }] = useDisclosure(false)
  const done = () => {
    close()
    notifications.show({ message: 'Your password was changed.' })
  }
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <UnstyledButton className={classes.account} aria-label={`Account ${user.login}`}>
            {(user.name || user.login).slice(0, 1).toUpperCase()}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {user.name || user.login} · Faultline {version}
          </Menu.Label>
          <Menu.Item
            leftSection={<Icon name="key" size={14} />}
            renderRoot={(own) => <Link {...own} to="/p/$project/settings/tokens" params={{ project }} />}
          >
            API tokens
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="edit" size={14} />} onClick={open}>
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="right" size={14} />} onClick={() => void signOut()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={changing} onClose={close} title="Change password">
        <PasswordForm onDone={done} />
      </Modal>
    </>
  )
}
