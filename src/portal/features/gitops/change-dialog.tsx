import { Button, Group, Modal, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gitops, GitopsBody, OpenEditsWord, Preview } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import classes from './gitops.module.css'
import { OpenEditsChoice } from './open-edits-choice.tsx'
import { CreatesBox, PreviewItems } from './preview-items.tsx'
import { useAdoptGitops } from './queries.ts'

interface ChangeDialogProps {
  gitops: Gitops
  /** the settings that were looked at */
  body: GitopsBody
  preview: Preview
  onClose: () => void
  onChanged: () => void
}

/** What a change of repository, branch or folder does; nothing is done before it is confirmed here. */
export function ChangeDialog({ gitops, body, preview, onClose, onChanged }: ChangeDialogProps) {
  const [agreed, setAgreed] = useState(false)
  const [openEdits, setOpenEdits] = useState<OpenEditsWord | null>(null)
  const waiting = gitops.sync.openEdits
  const change = useChange(onChanged)
  const ready = (preview.creates === 'nothing' || agreed) && (waiting === 0 || openEdits !== null)
  return (
    <Modal opened onClose={onClose} title="Change the repository" size={720}>
      <Stack>
        <FromTo gitops={gitops} body={body} />
        <div>
          <span className={classes.fieldName}>What the change does</span>
          <PreviewItems items={preview.items} activateSchedules={false} />
        </div>
        <CreatesBox creates={preview.creates} branch={body.branch} agreed={agreed} onAgree={setAgreed} />
        {waiting > 0 ? (
          <OpenEditsChoice
            words={{
              push: `Push them first, to ${gitops.branch} of the repository until now`,
              apply: 'Carry them over: each becomes a commit in the new repository'
            }}
            chosen={openEdits}
            onChoose={setOpenEdits}
          />
        ) : null}
        <p className={classes.quiet}>
          The repository until now is not touched, and no workflow is deleted here. Nothing of the new history starts a
          run; schedules of new files come paused.
        </p>
        <FormProblem error={change.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back to the form
          </Button>
          <Button
            disabled={!ready}
            loading={change.isPending}
            onClick={() => change.mutate({ ...body, create: agreed, ...(waiting > 0 && openEdits && { openEdits }) })}
          >
            Change the repository
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function FromTo({ gitops, body }: { gitops: Gitops; body: GitopsBody }) {
  return (
    <dl className={classes.settings}>
      <dt>Until now</dt>
      <dd>
        <Where url={gitops.url} place={`${gitops.branch}:${gitops.path}`} />
      </dd>
      <dt>From now on</dt>
      <dd>
        <Where url={body.url} place={`${body.branch}:${body.path ?? gitops.path}`} />
      </dd>
    </dl>
  )
}

function Where({ url, place }: { url: string; place: string }) {
  return (
    <>
      <code>{url}</code>
      <br />
      <code>{place}</code>
    </>
  )
}

function useChange(onChanged: () => void) {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  return useMutation({
    mutationFn: (body: GitopsBody & { create: boolean; openEdits?: OpenEditsWord }) =>
      api.call('POST /projects/:project/gitops/change', { params: { project }, body }),
    onSuccess: (gitops) => {
      adopt(gitops)
      notifications.show({ title: 'The repository was changed', message: gitops.url })
      onChanged()
    }
  })
}
