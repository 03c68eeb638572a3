import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gitops, Preview } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { Problems } from '../../ui/problems.tsx'
import classes from './gitops.module.css'
import { useAdoptGitops } from './queries.ts'
import { type RunOnPush, RunOnPushChoice } from './run-on-push.tsx'

type Item = Preview['items'][number]

const ACTIONS: Record<Item['action'], { word: string; icon: IconName; tone: string }> = {
  import: { word: 'comes from git', icon: 'down', tone: 'pass' },
  export: { word: 'goes to git', icon: 'commit', tone: 'live' },
  same: { word: 'is the same on both sides', icon: 'check', tone: 'idle' },
  conflict: { word: 'differs: keep one side afterwards', icon: 'conflict', tone: 'fail' },
  invalid: { word: 'is not valid, and is left alone', icon: 'alert', tone: 'fail' },
  refused: { word: 'is not read', icon: 'minus', tone: 'wait' }
}

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
        <Items items={preview.items} activateSchedules={activateSchedules} />
        {creates ? (
          <Checkbox
            label={
              preview.creates === 'branch'
                ? `Create the branch ${branch}: it is not there yet`
                : `Make the first commit on ${branch}: the repository is empty`
            }
            checked={agreed}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
          />
        ) : null}
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

function Scheduled({ words, active }: { words: string; active: boolean }) {
  return (
    <div className={classes.explained}>
      Schedule: {words}.{' '}
      {active ? 'It is active at once, as the settings say.' : 'It starts nothing until a person activates it.'}
    </div>
  )
}

function Items({ items, activateSchedules }: { items: readonly Item[]; activateSchedules: boolean }) {
  if (items.length === 0) return <span>There is no workflow on either side yet; nothing to bring over.</span>
  return (
    <ul className={classes.preview}>
      {items.map(({ path, action, schedule, problems }) => (
        <li key={path} data-tone={ACTIONS[action].tone}>
          <Icon name={ACTIONS[action].icon} size={14} />
          <div>
            <code>{path}</code> {ACTIONS[action].word}
            {schedule === null ? null : <Scheduled words={schedule} active={activateSchedules} />}
            <Problems problems={problems} />
          </div>
        </li>
      ))}
    </ul>
  )
}
