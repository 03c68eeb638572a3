import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { DisableBody, Gitops, OpenEditsWord } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { OpenEditsChoice } from './open-edits-choice.tsx'
import { useAdoptGitops } from './queries.ts'

type WorkflowsChoice = 'keep' | 'delete'

/** Turning GitOps off: git is not touched, and neither workflows nor edits that wait are lost unless a person says so. */
export function DisableDialog({ gitops, opened, onClose }: { gitops: Gitops; opened: boolean; onClose: () => void }) {
  const [openEdits, setOpenEdits] = useState<OpenEditsWord | null>(null)
  const [workflows, setWorkflows] = useState<WorkflowsChoice>('keep')
  const waiting = gitops.sync.openEdits
  const disable = useDisable(onClose)
  return (
    <Modal opened={opened} onClose={onClose} title="Turn GitOps off" size={560}>
      <Stack>
        <Text>The repository is not touched: its files stay. Pushes to it no longer appear here.</Text>
        {waiting > 0 ? (
          <OpenEditsChoice
            words={{ push: 'Push them first', apply: 'Apply here, without git' }}
            chosen={openEdits}
            onChoose={setOpenEdits}
          />
        ) : null}
        <WorkflowsField chosen={workflows} onChoose={setWorkflows} />
        <FormProblem error={disable.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Leave it on
          </Button>
          <Button
            color="red.9"
            disabled={waiting > 0 && openEdits === null}
            loading={disable.isPending}
            onClick={() => disable.mutate({ workflows, ...(waiting > 0 && openEdits && { openEdits }) })}
          >
            {workflows === 'keep' ? 'Turn off' : 'Turn off and delete'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface WorkflowsFieldProps {
  chosen: WorkflowsChoice
  onChoose: (choice: WorkflowsChoice) => void
}

function WorkflowsField({ chosen, onChoose }: WorkflowsFieldProps) {
  return (
    <Radio.Group
      label="What becomes of the workflows?"
      value={chosen}
      onChange={(value) => onChoose(value as WorkflowsChoice)}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="keep" label="All stay in Faultline as they are" />
        <Radio
          value="delete"
          label="Those that are in git are deleted here"
          description="They can be restored afterwards, all at once, with history and runs."
        />
      </Stack>
    </Radio.Group>
  )
}

function useDisable(onDone: () => void) {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: (body: DisableBody) =>
      api.call('POST /projects/:project/gitops/disable', { params: { project }, body }),
    onSuccess: (off) => {
      onDone()
      adopt(off)
    }
  })
}
