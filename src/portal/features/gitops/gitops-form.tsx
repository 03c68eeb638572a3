import { Button, Group, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { CheckConnection } from './check-connection.tsx'
import { CredentialChoice, CredentialFields } from './credential-fields.tsx'
import { EnableCard } from './enable-card.tsx'
import { useGoTo } from './places.ts'
import { useHostLook, useSaveGitops } from './queries.ts'
import { RepositoryFields } from './repository-fields.tsx'
import {
  bodyOf,
  isMismatch,
  SETTINGS_RULES,
  type SettingsForm,
  type TypedSettings,
  typedOf,
  withoutSecrets
} from './typed-settings.ts'

/** Repository and credential; test, save, look at what would happen, choose what a push may start, enable. */
export function GitopsForm({ gitops }: { gitops: Gitops }) {
  const form = useForm<TypedSettings>({ initialValues: typedOf(gitops), validate: SETTINGS_RULES })
  const { save, preview, isSaved } = useSaveAndPreview(form)
  const look = useHostLook()
  const body = bodyOf(form.values)
  const goTo = useGoTo(() => look.mutate(body.url))
  return (
    <>
      <Card title="Repository">
        <form onSubmit={form.onSubmit((values) => save.mutate(bodyOf(values)))}>
          <Stack gap="lg">
            <FormProblem error={save.error} />
            <RepositoryFields form={form} />
            <CredentialChoice form={form} />
            {isMismatch(form.values) ? null : <CredentialFields form={form} gitops={gitops} look={look} />}
            <Group align="flex-start" justify="space-between">
              <CheckConnection body={body} disabled={body.url === '' || isMismatch(form.values)} onPlace={goTo} />
              <Button type="submit" loading={save.isPending || preview.isPending}>
                Save and preview
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
      <FormProblem error={preview.error} />
      {preview.data && isSaved ? <EnableCard gitops={gitops} preview={preview.data} /> : null}
    </>
  )
}

/** The preview is of what is saved: as soon as something else is typed, there is none. */
function useSaveAndPreview(form: SettingsForm) {
  const api = useApi()
  const project = useProject()
  const [saved, setSaved] = useState('')
  const preview = useMutation({
    mutationFn: () => api.call('POST /projects/:project/gitops/preview', { params: { project }, body: {} })
  })
  const save = useSaveGitops({
    onMutate: () => preview.reset(),
    onSuccess: () => {
      const plain = withoutSecrets(form.getValues())
      form.setValues(plain)
      setSaved(JSON.stringify(bodyOf(plain)))
      preview.mutate()
    }
  })
  return { save, preview, isSaved: JSON.stringify(bodyOf(form.values)) === saved }
}
