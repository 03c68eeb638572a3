import { ActionIcon, Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Workflow } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { useStartRun } from '../runs/start-run.ts'
import { DeleteDialog } from './delete-dialog.tsx'

export function WorkflowActions({ workflow }: { workflow: Workflow }) {
  const { edit } = useMay()
  const start = useStartRun()
  const [deleting, { open, close }] = useDisclosure(false)
  if (!edit) return null
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="runs" size={13} />}
        disabled={workflow.definition === null}
        loading={start.isPending}
        onClick={() => start.mutate(workflow.name)}
      >
        Run
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More">
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<Icon name="trash" size={14} />} onClick={open}>
            Delete workflow
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteDialog workflow={workflow} opened={deleting} onClose={close} />
    </>
  )
}
