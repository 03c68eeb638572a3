import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { FormProblem } from './form-problem.tsx'

interface ReasonDialogProps {
  opened: boolean
  title: string
  /** what will happen */
  children: ReactNode
  placeholder: string
  required?: boolean
  /** the words of the two buttons: leave it, do it */
  leave: string
  act: string
  pending: boolean
  error: Error | null
  onClose: () => void
  onReason: (reason: string) => void
}

/** Asks for a reason before something is stopped. */
export function ReasonDialog(props: ReasonDialogProps) {
  const {
    opened,
    title,
    children,
    placeholder,
    required = false,
    leave,
    act,
    pending,
    error,
    onClose,
    onReason
  } = props
  const [reason, setReason] = useState('')
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onReason(reason.trim())
        }}
      >
        <Stack>
          <FormProblem error={error} />
          <Text component="div">{children}</Text>
          <TextInput
            label="Reason"
            placeholder={placeholder}
            maxLength={500}
            required={required}
            value={reason}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {leave}
            </Button>
            <Button type="submit" color="red.9" loading={pending} disabled={required && reason.trim() === ''}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
