import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { RebaseEditor } from '../editor/rebase-editor.tsx'

interface RebaseDialogProps {
  name: string
  newer: string
  mine: string
  opened: boolean
  onClose: () => void
  /** the text that is now meant to follow the newer one */
  onDone: (text: string) => void
}

/** A text that moved on while another was typed: nothing is overwritten unseen, nothing typed is lost. */
export function RebaseDialog({ name, newer, mine, opened, onClose, onDone }: RebaseDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={`A newer text of ${name} came in`} size={920}>
      {opened ? <Rebase name={name} newer={newer} mine={mine} onClose={onClose} onDone={onDone} /> : null}
    </Modal>
  )
}

function Rebase({ name, newer, mine, onClose, onDone }: Omit<RebaseDialogProps, 'opened'>) {
  // what it was when the dialog opened: texts that come in later are asked about again
  const [start] = useState({ newer, mine })
  const [text, setText] = useState(mine)
  return (
    <Stack>
      <Text size="sm">
        Red is the newer text, green is yours. Keep or give up each difference, or write into it; then go on from there.
      </Text>
      <RebaseEditor
        newer={start.newer}
        mine={start.mine}
        label={`Your text of ${name} over the newer one`}
        onText={setText}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button variant="default" onClick={() => onDone(start.newer)}>
          Take the newer text whole
        </Button>
        <Button onClick={() => onDone(text)}>Go on with this</Button>
      </Group>
    </Stack>
  )
}
