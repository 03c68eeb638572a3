import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { useSaveGitops } from './queries.ts'
import { RUN_ON_PUSH_WORDS, type RunOnPush, RunOnPushChoice } from './run-on-push.tsx'

/** What a push may start, changeable while GitOps is on. */
export function PushCard({ gitops }: { gitops: Gitops }) {
  const { manage } = useMay()
  const { runOnPush, url, branch } = gitops
  const [chosen, setChosen] = useState<RunOnPush | null>(null)
  const save = useSaveGitops()
  const submit = () =>
    save.mutate(
      { url, branch, runOnPush: chosen ?? runOnPush },
      {
        onSuccess: (saved) => {
          setChosen(null)
          notifications.show({ message: RUN_ON_PUSH_WORDS[saved.runOnPush].meaning })
        }
      }
    )
  return (
    <Card title="Runs by a push">
      {manage ? (
        <>
          <FormProblem error={save.error} />
          <RunOnPushChoice value={chosen ?? runOnPush} onChoose={setChosen} />
          {chosen === null || chosen === runOnPush ? null : (
            <Group justify="flex-end" gap="xs" mt="sm">
              <Button variant="default" onClick={() => setChosen(null)}>
                Leave it
              </Button>
              <Button loading={save.isPending} onClick={submit}>
                Save
              </Button>
            </Group>
          )}
        </>
      ) : (
        <>
          <b>{RUN_ON_PUSH_WORDS[runOnPush].name}.</b> {RUN_ON_PUSH_WORDS[runOnPush].meaning}
        </>
      )}
    </Card>
  )
}
