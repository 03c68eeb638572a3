import { Button, Group, Stack } from '@mantine/core'
import type { FormEventHandler, ReactNode } from 'react'
import { FormProblem } from './form-problem.tsx'

interface DialogFormProps {
  /** what the server said against it */
  error: Error | null
  pending: boolean
  /** what the button of the deed says */
  submit: string
  onSubmit: FormEventHandler<HTMLFormElement>
  onClose: () => void
  children: ReactNode
}

/** The frame of a form in a dialog: what was wrong above, the way out and the deed below. */
export function DialogForm({ error, pending, submit, onSubmit, onClose, children }: DialogFormProps) {
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <FormProblem error={error} />
        {children}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={pending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
