import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { Hook } from '../../../contract/index.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import classes from './hooks.module.css'
import { senderSteps } from './sender-steps.ts'

interface SetupDialogProps {
  hook: Hook
  /** where it was made just now; it is shown nowhere else */
  secret: string | null
  onClose: () => void
}

/** What to do at the sender. The secret is shown here alone, so that no stray click closes the dialog. */
export function SetupDialog({ hook, secret, onClose }: SetupDialogProps) {
  const { sender, steps, text } = senderSteps(hook)
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={`Set up ${hook.name} at ${sender}`}
      closeOnClickOutside={secret === null}
    >
      <Stack>
        {secret === null ? (
          <Text>The secret was shown when it was made. If it is lost, make a new one.</Text>
        ) : (
          <div>
            <Text mb={6}>The secret. Copy it now; it is not shown again:</Text>
            <CommandBlock what="hook secret" text={secret} />
          </div>
        )}
        <div>
          <Text mb={6}>Address:</Text>
          <CommandBlock what="hook address" text={hook.url} />
        </div>
        <ol className={classes.steps}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <CommandBlock what={`lines for ${sender}`} text={text} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
