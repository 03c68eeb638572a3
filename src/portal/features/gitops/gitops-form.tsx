import { Button, Group, NumberInput, PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { Gitops, GitopsBody } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { CheckConnection } from './check-connection.tsx'
import { EnableCard } from './enable-card.tsx'
import { providerHint } from './provider-hint.ts'
import { useAdoptGitops } from './queries.ts'

interface Typed {
  url: string
  branch: string
  path: string
  username: string
  token: string
  pollSeconds: number
}

/** Repository and credential; test, save, look at what would happen, enable. */
export function GitopsForm({ gitops }: { gitops: Gitops }) {
  const form = useForm<Typed>({
    initialValues: typedOf(gitops),
    validate: { url: urlProblem, branch: branchProblem, path: pathProblem }
  })
  const { save, preview } = useSaveAndPreview()
  const body = bodyOf(form.values)
  return (
    <>
      <Card title="Repository">
        <form onSubmit={form.onSubmit((values) => save.mutate(bodyOf(values)))}>
          <Stack gap="md">
            <FormProblem error={save.error} />
            <RepositoryFields form={form} hasToken={gitops.hasToken} />
            <Group align="flex-start" justify="space-between">
              <CheckConnection body={body} disabled={body.url === ''} />
              <Button type="submit" loading={save.isPending || preview.isPending}>
                Save and preview
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
      <FormProblem error={preview.error} />
      {preview.data ? <EnableCard branch={gitops.branch} preview={preview.data} /> : null}
    </>
  )
}

function RepositoryFields({ form, hasToken }: { form: UseFormReturnType<Typed>; hasToken: boolean }) {
  const hint = providerHint(form.values.url)
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <TextInput
        label="Repository URL"
        description={hint ? `This is ${hint.provider}.` : 'The https address that you clone from.'}
        placeholder="https://git.example.com/team/chaos.git"
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
      <TextInput
        label="User name"
        description={hint ? `For tokens of ${hint.provider}: ${hint.username}` : 'As the git host wants it; often any.'}
        placeholder={hint?.username ?? 'git'}
        autoComplete="off"
        {...form.getInputProps('username')}
      />
      <PasswordInput
        label="Access token"
        description={hint?.token ?? 'It needs to read and write this repository.'}
        placeholder={hasToken ? 'One is stored; leave empty to keep it' : ''}
        autoComplete="off"
        {...form.getInputProps('token')}
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

function useSaveAndPreview() {
  const api = useApi()
  const project = useProject()
  const adopt = useAdoptGitops()
  const preview = useMutation({
    mutationFn: () => api.call('POST /projects/:project/gitops/preview', { params: { project } })
  })
  const save = useMutation({
    mutationFn: (body: GitopsBody) => api.call('PUT /projects/:project/gitops', { params: { project }, body }),
    onMutate: () => preview.reset(),
    onSuccess: (gitops) => {
      adopt(gitops)
      preview.mutate()
    }
  })
  return { save, preview }
}

function typedOf({ url, branch, path, username, pollSeconds }: Gitops): Typed {
  return { url, branch: branch || 'main', path, username, token: '', pollSeconds: pollSeconds || 30 }
}

/** An empty token keeps the stored one. */
function bodyOf({ url, branch, path, username, token, pollSeconds }: Typed): GitopsBody {
  return {
    url: url.trim(),
    branch: branch.trim(),
    path: path.trim().replace(/^\/+|\/+$/g, ''),
    username: username.trim(),
    pollSeconds,
    ...(token !== '' && { token })
  }
}

function urlProblem(url: string): string | null {
  if (/^https?:\/\/[^\s/]+\/\S+/.test(url.trim())) return null
  return 'Use the https address of the repository, for example https://git.example.com/team/chaos.git.'
}

function branchProblem(branch: string): string | null {
  return branch.trim() === '' ? 'Name the branch, for example main.' : null
}

function pathProblem(path: string): string | null {
  return path.trim() === '' ? 'Name the folder, for example litmus/shop.' : null
}
