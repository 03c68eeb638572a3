import { Menu, Modal, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { Icon } from '../ui/icon.tsx'
import { useProject, useSession } from './current.ts'
import classes from './frame.module.css'
import { NewProjectForm } from './new-project-form.tsx'

export function ProjectSwitch() {
  const current = useProject()
  const { projects } = useSession()
  const [adding, { open, close }] = useDisclosure(false)
  const name = projects.find(({ id }) => id === current)?.name ?? current
  return (
    <>
      <Menu position="bottom-start" width={230}>
        <Menu.Target>
          <UnstyledButton className={classes.switch} aria-label={`Project ${name}, switch`}>
            <span>{name}</span>
            <Icon name="down" size={14} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Projects</Menu.Label>
          {projects.map(({ id, name: label }) => (
            <Menu.Item
              key={id}
              component={Link}
              to="/p/$project"
              params={{ project: id } as never}
              rightSection={id === current ? <Icon name="check" size={14} /> : null}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="plus" size={14} />} onClick={open}>
            New project
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={adding} onClose={close} title="New project">
        <NewProjectForm onDone={close} />
      </Modal>
    </>
  )
}
