import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Guardrails } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { CardSkeleton, Failed } from '../../ui/blank.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { CommandsCard } from './commands-card.tsx'
import classes from './guardrails.module.css'

export function GuardrailsPage() {
  const api = useApi()
  const project = useProject()
  const query = useQuery({
    queryKey: keys.guardrails(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/guardrails', { params: { project }, signal })
  })
  return (
    <Page title="Settings">
      <SettingsTabs />
      {query.isPending ? <CardSkeleton /> : null}
      {query.isError ? <Failed what="The guardrails" error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? <GuardrailsForm key={JSON.stringify(query.data)} guardrails={query.data} /> : null}
      <CommandsCard />
    </Page>
  )
}

interface Typed {
  namespaces: string
  maxTargets: number
  maxDurationSeconds: number
}

/** Limits of what chaos may touch: for everybody to see, for owners to set. */
function GuardrailsForm({ guardrails }: { guardrails: Guardrails }) {
  const { manage } = useMay()
  const save = useSave()
  const form = useForm<Typed>({
    initialValues: { ...guardrails, namespaces: guardrails.allowedNamespaces.join(', ') }
  })
  return (
    <Card title="What chaos may touch">
      <form onSubmit={form.onSubmit((typed) => save.mutate(guardrailsOf(typed)))}>
        <Stack maw={560}>
          <p className={classes.text}>
            The server refuses a run that breaks one of these, and the agent checks each again before it harms anything.
            They are settings of this server, never of a repository.
          </p>
          <FormProblem error={save.error} />
          <Fields form={form} readOnly={!manage} />
          {manage ? (
            <Group>
              <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
                Save guardrails
              </Button>
            </Group>
          ) : (
            <p className={classes.quiet}>An owner of the project can change them.</p>
          )}
        </Stack>
      </form>
    </Card>
  )
}

function Fields({ form, readOnly }: { form: UseFormReturnType<Typed>; readOnly: boolean }) {
  return (
    <>
      <TextInput
        label="Namespaces"
        description="Comma-separated; * is any. kube-system and Faultline's own are never touched, whatever stands here."
        readOnly={readOnly}
        {...form.getInputProps('namespaces')}
      />
      <Group grow align="flex-start">
        <NumberInput
          label="Targets at once"
          description="Most that one fault may hit."
          min={0}
          max={1000}
          readOnly={readOnly}
          {...form.getInputProps('maxTargets')}
        />
        <NumberInput
          label="Longest fault"
          description="TOTAL_CHAOS_DURATION."
          suffix=" s"
          min={0}
          max={86_400}
          readOnly={readOnly}
          {...form.getInputProps('maxDurationSeconds')}
        />
      </Group>
    </>
  )
}

function guardrailsOf({ namespaces, maxTargets, maxDurationSeconds }: Typed): Guardrails {
  const allowedNamespaces = namespaces
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return { allowedNamespaces, maxTargets: Number(maxTargets), maxDurationSeconds: Number(maxDurationSeconds) }
}

function useSave() {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Guardrails) =>
      api.call('PUT /projects/:project/guardrails', {
        params: { project },
        body: { ...body, allowedNamespaces: [...body.allowedNamespaces] }
      }),
    onSuccess: (saved) => {
      client.setQueryData(keys.guardrails(project), saved)
      void client.invalidateQueries({ queryKey: keys.overview(project) })
      notifications.show({ message: 'The guardrails are in force, from the next run on.' })
    }
  })
}
