import { Button, Group, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gitops, GitopsBody, Preview } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { ChangeDialog } from './change-dialog.tsx'
import { CheckConnection } from './check-connection.tsx'
import { CredentialChoice, CredentialFields } from './credential-fields.tsx'
import classes from './gitops.module.css'
import { useGoTo } from './places.ts'
import { useHostLook, useSaveGitops, useSyncNow } from './queries.ts'
import { RepositoryFields } from './repository-fields.tsx'
import { bodyOf, isElsewhere, isMismatch, SETTINGS_RULES, type TypedSettings, typedOf } from './typed-settings.ts'

/** Begins with what is stored. Another repository, branch or folder is looked at before it is taken; the rest is saved. */
export function ChangeForm({ gitops, onDone }: { gitops: Gitops; onDone: () => void }) {
  const form = useForm<TypedSettings>({ initialValues: typedOf(gitops), validate: SETTINGS_RULES })
  const look = useHostLook()
  const save = useSaveAndSync(onDone)
  const change = usePreviewedChange()
  const body = bodyOf(form.values)
  const elsewhere = isElsewhere(form.values, gitops)
  const goTo = useGoTo(() => look.mutate(form.values.url))
  return (
    <>
      <form onSubmit={form.onSubmit(() => (elsewhere ? change.preview.mutate(body) : save.mutate(body)))}>
        <Stack gap="lg">
          <FormProblem error={elsewhere ? change.preview.error : save.error} />
          <RepositoryFields form={form} />
          <CredentialChoice form={form} />
          {isMismatch(form.values) ? null : <CredentialFields form={form} gitops={gitops} look={look} />}
          <Group align="flex-start" justify="space-between">
            <CheckConnection body={body} disabled={isMismatch(form.values)} onPlace={goTo} />
            <Group gap="xs">
              <Button variant="default" onClick={onDone}>
                Leave it
              </Button>
              <Button type="submit" loading={save.isPending || change.preview.isPending}>
                {elsewhere ? 'Preview the change…' : 'Save'}
              </Button>
            </Group>
          </Group>
          {elsewhere ? (
            <p className={classes.quiet}>
              This is another repository, branch or folder. Nothing changes before you have seen what it means.
            </p>
          ) : null}
        </Stack>
      </form>
      {change.previewed ? (
        <ChangeDialog gitops={gitops} {...change.previewed} onClose={change.forget} onChanged={onDone} />
      ) : null}
    </>
  )
}

function useSaveAndSync(onDone: () => void) {
  const syncNow = useSyncNow()
  return useSaveGitops({
    onSuccess: () => {
      // whether it works is what one wants to know now
      syncNow.mutate()
      onDone()
    }
  })
}

/** The settings that were looked at, with what was found; what is typed later is looked at anew. */
function usePreviewedChange() {
  const api = useApi()
  const project = useProject()
  const [previewed, setPreviewed] = useState<{ body: GitopsBody; preview: Preview } | null>(null)
  const preview = useMutation({
    mutationFn: (body: GitopsBody) => api.call('POST /projects/:project/gitops/preview', { params: { project }, body }),
    onSuccess: (found, body) => setPreviewed({ body, preview: found })
  })
  return { preview, previewed, forget: () => setPreviewed(null) }
}
