import { ActionIcon, Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { isPolicyKind } from '../../../domain/index.ts'
import { useMay } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { RenameDialog } from './rename-dialog.tsx'

/** with the reader of manifests, which the first screen does without */
const RunDialog = lazy(() => import('./run-dialog.tsx').then((module) => ({ default: module.RunDialog })))

export function WorkflowActions({ workflow }: { workflow: Workflow }) {
  const { edit } = useMay()
  const [running, run] = useDisclosure(false)
  const [renaming, rename] = useDisclosure(false)
  const [deleting, { open, close }] = useDisclosure(false)
  const isPolicy = isPolicyKind(workflow.kind)
  if (!edit) return null
  return (
    <>
      {isPolicy ? null : (
        <Button
          variant="default"
          leftSection={<Icon name="runs" size={13} />}
          disabled={workflow.definition === null}
          loading={running}
          onClick={run.open}
        >
          Run
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More">
            <Icon name="dots" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="edit" size={14} />} onClick={rename.open}>
            Rename workflow
          </Menu.Item>
          <Menu.Item color="red" leftSection={<Icon name="trash" size={14} />} onClick={open}>
            Delete {isPolicy ? 'policy' : 'workflow'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{running ? <RunDialog workflow={workflow} onClose={run.close} /> : null}</Suspense>
      {renaming ? <RenameDialog workflow={workflow} onClose={rename.close} /> : null}
      <DeleteDialog workflow={workflow} opened={deleting} onClose={close} />
    </>
  )
}
