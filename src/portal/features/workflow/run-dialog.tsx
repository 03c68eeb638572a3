import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import type { Parameter } from '../../../manifest/index.ts'
import { useStartRun } from '../runs/start-run.ts'
import { useCheckedText } from './checked-text.ts'

interface RunDialogProps {
  workflow: Workflow
  onClose: () => void
}

/** Starts the run: at once where the workflow asks nothing, else once its parameters are filled in. */
export function RunDialog({ workflow, onClose }: RunDialogProps) {
  const { result } = useCheckedText(workflow.text, workflow.path)
  if (result === null) return null
  const parameters = result.ok ? result.manifest.parameters : []
  if (parameters.length === 0) return <StartAtOnce workflow={workflow} onClose={onClose} />
  return <ParameterForm workflow={workflow} parameters={parameters} onClose={onClose} />
}

function StartAtOnce({ workflow, onClose }: RunDialogProps) {
  const { mutate } = useStartRun()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; a second run would be another one
  useEffect(() => mutate({ workflow: workflow.name }, { onSettled: onClose }), [])
  return null
}

function ParameterForm({ workflow, parameters, onClose }: RunDialogProps & { parameters: readonly Parameter[] }) {
  const start = useStartRun()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const chosen = ({ name, value }: Parameter) => typed[name] ?? value ?? ''
  const missing = parameters.some((parameter) => chosen(parameter) === '' && parameter.value === null)
  const run = () => {
    const given = parameters.filter((parameter) => chosen(parameter) !== (parameter.value ?? ''))
    const values = Object.fromEntries(given.map((parameter) => [parameter.name, chosen(parameter)]))
    start.mutate({ workflow: workflow.name, parameters: values }, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title={`Run ${workflow.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          run()
        }}
      >
        <Stack>
          <Text>The values count for this run only; the workflow stays as it is.</Text>
          {parameters.map((parameter) => (
            <TextInput
              key={parameter.name}
              label={parameter.name}
              description={parameter.description}
              required={parameter.value === null}
              value={chosen(parameter)}
              onChange={(event) => setTyped({ ...typed, [parameter.name]: event.currentTarget.value })}
            />
          ))}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={start.isPending} disabled={missing}>
              Run
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
