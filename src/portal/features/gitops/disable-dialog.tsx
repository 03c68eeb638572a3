import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { useAdoptGitops } from './queries.ts'

type EditsChoice = 'apply' | 'discard'

/** Turning GitOps off: workflows stay, and edits that wait are not lost unless a person says so. */
export function DisableDialog({ gitops, opened, onClose }: { gitops: Gitops; opened: boolean; onClose: () => void }) {
  const [openEdits, setOpenEdits] = useState<EditsChoice | null>(null)
  const waiting = gitops.sync.openEdits
  const disable = useDisable(openEdits, onClose)
  return (
    <Modal opened={opened} onClose={onClose} title="Turn GitOps off">
      <Stack>
        <FormProblem error={disable.error} />
        <Text>
          All workflows stay in Faultline as they are. The repository is not touched, and pushes to it no longer appear
          here.
        </Text>
        {waiting > 0 ? <ChooseForEdits waiting={waiting} chosen={openEdits} onChoose={setOpenEdits} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Leave it on
          </Button>
          <Button
            color="red.9"
            disabled={waiting > 0 && openEdits === null}
            loading={disable.isPending}
            onClick={() => disable.mutate()}
          >
            Turn off
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface ChooseForEditsProps {
  waiting: number
  chosen: EditsChoice | null
  onChoose: (choice: EditsChoice) => void
}

function ChooseForEdits({ waiting, chosen, onChoose }: ChooseForEditsProps) {
  const one = waiting === 1
  return (
    <Radio.Group
      label={`${waiting} ${one ? 'edit waits' : 'edits wait'} for git. What becomes of ${one ? 'it' : 'them'}?`}
      value={chosen}
      onChange={(value) => onChoose(value as EditsChoice)}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="apply" label="Apply here, without git" />
        <Radio value="discard" label="Discard; the texts stay readable" />
      </Stack>
    </Radio.Group>
  )
}

function useDisable(openEdits: EditsChoice | null, onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: () =>
      api.call('POST /projects/:project/gitops/disable', {
        params: { project },
        body: openEdits === null ? {} : { openEdits }
      }),
    onSuccess: (off) => {
      onDone()
      adopt(off)
    }
  })
}
