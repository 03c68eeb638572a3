import { Button, Group, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
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
import { goToHostKey } from './host-key-fields.tsx'
import { providerHint } from './provider-hint.ts'
import { useHostLook, useSaveGitops } from './queries.ts'
import {
  bodyOf,
  credentialKind,
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
  const lookAtHost = () => {
    look.mutate(body.url)
    goToHostKey()
  }
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
              <CheckConnection
                body={body}
                disabled={body.url === '' || isMismatch(form.values)}
                onHostKey={lookAtHost}
              />
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

const PLACEHOLDERS = {
  https: 'https://git.example.com/team/chaos.git',
  ssh: 'git@git.example.com:team/chaos.git'
}

function RepositoryFields({ form }: { form: SettingsForm }) {
  const hint = providerHint(form.values.url)
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <TextInput
        label="Repository address"
        description={hint ? `This is ${hint.provider}.` : 'The https or SSH address that you clone from.'}
        placeholder={PLACEHOLDERS[credentialKind(form.values)]}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('url')}
      />
      <TextInput
        label="Branch"
        description="It can be made when GitOps is enabled."
        {...form.getInputProps('branch')}
      />
      <TextInput
        label="Folder in the repository"
        description="Only files below it are read and written."
        {...form.getInputProps('path')}
      />
      <NumberInput
        label="Look at git every"
        description="Pushes appear here within this time."
        suffix=" s"
        min={1}
        max={86_400}
        {...form.getInputProps('pollSeconds')}
      />
    </SimpleGrid>
  )
}

/** The preview is of what is saved: as soon as something else is typed, there is none. */
function useSaveAndPreview(form: SettingsForm) {
  const api = useApi()
  const project = useProject()
  const [saved, setSaved] = useState('')
  const preview = useMutation({
    mutationFn: () => api.call('POST /projects/:project/gitops/preview', { params: { project } })
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
