import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormProblem } from './form-problem.tsx'

interface ConfirmDialogProps {
  opened: boolean
  title: string
  /** what will happen */
  children: ReactNode
  /** the words of the two buttons: leave it, do it */
  leave: string
  act: string
  pending: boolean
  error: Error | null
  onClose: () => void
  onAct: () => void
}

/** Says what will be ended, before it is. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, leave, act, pending, error, onClose, onAct } = props
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <Stack>
        <FormProblem error={error} />
        <Text component="div">{children}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {leave}
          </Button>
          <Button color="red.9" loading={pending} onClick={onAct}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
