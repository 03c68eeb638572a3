import { Button, Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gitops, Preview } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import classes from './gitops.module.css'
import { CreatesBox, PreviewItems } from './preview-items.tsx'
import { useAdoptGitops } from './queries.ts'
import { type RunOnPush, RunOnPushChoice } from './run-on-push.tsx'

/** What enabling would do. What it must make first is agreed to by a person, and what pushes may start is chosen. */
export function EnableCard({
  gitops: { url, branch, activateSchedules },
  preview
}: {
  gitops: Gitops
  preview: Preview
}) {
  const [runOnPush, setRunOnPush] = useState<RunOnPush | null>(null)
  const [agreed, setAgreed] = useState(false)
  const creates = preview.creates !== 'nothing'
  const enable = useEnable()
  return (
    <Card title="What enabling does">
      <Stack gap="md">
        <PreviewItems items={preview.items} activateSchedules={activateSchedules} />
        <CreatesBox creates={preview.creates} branch={branch} agreed={agreed} onAgree={setAgreed} />
        <RunOnPushChoice value={runOnPush} onChoose={setRunOnPush} />
        <FormProblem error={enable.error} />
        <Group justify="space-between">
          <span className={classes.explained}>
            {runOnPush === null
              ? 'Choose when a push may start runs. Enabling itself starts none.'
              : 'Enabling starts no run; what is in git already starts none either.'}
          </span>
          <Button
            disabled={runOnPush === null || (creates && !agreed)}
            loading={enable.isPending}
            onClick={() => runOnPush && enable.mutate({ url, branch, runOnPush, create: creates && agreed })}
          >
            Enable GitOps
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

function useEnable() {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: async ({
      create,
      ...choice
    }: {
      url: string
      branch: string
      runOnPush: RunOnPush
      create: boolean
    }) => {
      await api.call('PUT /projects/:project/gitops', { params: { project }, body: choice })
      return api.call('POST /projects/:project/gitops/enable', { params: { project }, body: { create } })
    },
    onSuccess: adopt
  })
}
