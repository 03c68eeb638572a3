import { Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Gitops, PushAnswer } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { Commit } from '../../ui/copy.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import classes from './gitops.module.css'

/** What was heard, looked at and decided, and an answer about one commit or file. */
export function ExplainCard({ gitops }: { gitops: Gitops }) {
  return (
    <Card title="Why did my push do nothing?">
      <Stack gap="md">
        <Seen gitops={gitops} />
        <Ask />
      </Stack>
    </Card>
  )
}

function Seen({ gitops: { hook, sync } }: { gitops: Gitops }) {
  return (
    <dl className={classes.settings}>
      <dt>Last knock</dt>
      <dd>{hook.heardAt ? <When at={hook.heardAt} /> : 'No webhook has knocked yet; pushes are found by polling.'}</dd>
      <dt>Last check</dt>
      <dd>{sync.checkedAt ? <When at={sync.checkedAt} /> : 'Git has not been looked at yet.'}</dd>
      <dt>Tip seen</dt>
      <dd>{sync.tip ? <Commit id={sync.tip.commit} /> : 'None yet.'}</dd>
      <dt>Decided</dt>
      <dd>{decided(sync)}</dd>
      {sync.openEdits > 0 ? (
        <>
          <dt>Edits from here</dt>
          <dd>
            {sync.openEdits === 1 ? 'One waits' : `${sync.openEdits} wait`} for git: what they change is not there yet.
          </dd>
        </>
      ) : null}
    </dl>
  )
}

function decided({ paused, message, syncedCommit, tip }: Gitops['sync']): string {
  if (paused !== null) return 'Nothing, while GitOps rests.'
  if (message !== null) return message
  if (syncedCommit === null) return 'Nothing yet.'
  if (tip !== null && tip.commit !== syncedCommit) return `Taken as far as ${syncedCommit.slice(0, 7)}.`
  return 'Taken. What was refused of it is in the list of workflows, with its reason.'
}

const COMMIT = /^[0-9a-f]{7,40}$/i

function Ask() {
  const api = useApi()
  const project = useProject()
  const [typed, setTyped] = useState('')
  const asked = typed.trim()
  const explain = useMutation({
    mutationFn: () =>
      api.call('GET /projects/:project/gitops/explain', {
        params: { project },
        query: COMMIT.test(asked) ? { commit: asked } : { path: asked }
      })
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (asked !== '') explain.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        <TextInput
          label="Commit or file"
          description="A commit id of 7 digits or more, or the path of a file from the root of the repository."
          value={typed}
          maxLength={1000}
          w="100%"
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            explain.reset()
          }}
        />
        <Button type="submit" variant="default" disabled={asked === ''} loading={explain.isPending}>
          Explain
        </Button>
        <FormProblem error={explain.error} />
        <div role="status">{explain.data ? <Answer answer={explain.data} /> : null}</div>
      </Stack>
    </form>
  )
}

function Answer({ answer: { sentence } }: { answer: PushAnswer }) {
  return <p className={classes.answer}>{sentence}</p>
}
