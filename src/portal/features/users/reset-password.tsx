import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { CommandBlock } from '../../ui/command-block.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useResetPassword } from './queries.ts'

/** The new password is shown here alone, so that no stray click closes the dialog. */
export function ResetPassword({ login, onClose }: { login: string; onClose: () => void }) {
  const reset = useResetPassword()
  if (reset.data === undefined) {
    return (
      <ConfirmDialog
        opened
        title={`Reset the password of ${login}`}
        leave="Leave it"
        act="Reset password"
        pending={reset.isPending}
        error={reset.error}
        onClose={onClose}
        onAct={() => reset.mutate(login)}
      >
        {login} gets a new password, to be changed at the next login. Sessions end at once; API tokens do nothing until
        it is changed.
      </ConfirmDialog>
    )
  }
  return (
    <Modal opened onClose={onClose} title={`New password of ${login}`} closeOnClickOutside={false}>
      <Stack>
        <Text>Give it to nobody else. It is not shown again.</Text>
        <CommandBlock what="new password" text={reset.data.password} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
