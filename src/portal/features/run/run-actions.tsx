import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Run } from '../../../contract/index.ts'
import { isFinal } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useStartRun } from '../runs/start-run.ts'

export function RunActions({ run }: { run: Run }) {
  const { edit } = useMay()
  const start = useStartRun()
  const [stopping, { open, close }] = useDisclosure(false)
  if (!edit) return null
  if (isFinal(run.phase)) {
    return (
      <Button
        variant="default"
        leftSection={<Icon name="runs" size={13} />}
        loading={start.isPending}
        onClick={() => start.mutate({ workflow: run.workflow })}
      >
        Run again
      </Button>
    )
  }
  return (
    <>
      <Button color="red.9" leftSection={<Icon name="stop" size={13} />} disabled={run.stop !== null} onClick={open}>
        {run.stop === null ? 'Stop' : 'Stopping'}
      </Button>
      <StopDialog run={run} opened={stopping} onClose={close} />
    </>
  )
}

function StopDialog({ run, opened, onClose }: { run: Run; opened: boolean; onClose: () => void }) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const stop = useMutation({
    mutationFn: () =>
      api.call('POST /projects/:project/runs/:run/stop', {
        params: { project, run: run.id },
        body: reason.trim() === '' ? {} : { reason: reason.trim() }
      }),
    onSuccess: async () => {
      onClose()
      await client.invalidateQueries({ queryKey: keys.run(project, run.id) })
    }
  })
  return (
    <Modal opened={opened} onClose={onClose} title={`Stop this run of ${run.workflow}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          stop.mutate()
        }}
      >
        <Stack>
          <FormProblem error={stop.error} />
          <Text>What is being harmed recovers first; steps that have not begun are skipped.</Text>
          <TextInput
            label="Reason"
            placeholder="for those who look at it later"
            maxLength={500}
            value={reason}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Let it run
            </Button>
            <Button type="submit" color="red.9" loading={stop.isPending}>
              Stop the run
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
