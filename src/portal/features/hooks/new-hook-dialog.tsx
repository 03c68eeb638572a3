import { Modal, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import type { CreatedHook, Hook, HookBody } from '../../../contract/index.ts'
import { DialogForm } from '../../ui/dialog-form.tsx'
import { useWorkflowNames } from '../workflows/workflow-names.ts'
import { namedTexts } from './named-texts.ts'
import { useCreateHook } from './queries.ts'
import { SENDERS } from './sender-steps.ts'

const HOUR = 3600

interface Typed {
  name: string
  kind: Hook['kind']
  workflow: string
  /** lines of `name = text` */
  only: string
  parameters: string
  runs: number
}

/** Of a value of the event, as each sender has one. */
const ONLY_EXAMPLES: Record<Hook['kind'], string> = {
  'argo-cd': 'app = cart*',
  flux: 'involvedObject.name = shop*',
  alertmanager: 'commonLabels.severity = critical',
  cloudevents: 'data.environment = staging'
}

interface NewHookProps {
  onClose: () => void
  onCreated: (created: CreatedHook) => void
}

export function NewHookDialog({ opened, ...props }: NewHookProps & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={props.onClose} title="New hook">
      <NewHook {...props} />
    </Modal>
  )
}

function NewHook({ onClose, onCreated }: NewHookProps) {
  const create = useCreateHook(onCreated)
  const form = useForm<Typed>({
    initialValues: { name: '', kind: 'argo-cd', workflow: '', only: '', parameters: '', runs: 6 },
    validate: {
      name: (name) => (name.trim() === '' ? 'Say what calls it.' : null),
      workflow: (name) => (name === '' ? 'Choose the workflow that it starts.' : null),
      only: lineProblem,
      parameters: lineProblem
    }
  })
  return (
    <DialogForm
      error={create.error}
      pending={create.isPending}
      submit="Make the hook"
      onSubmit={form.onSubmit((typed) => create.mutate(bodyOf(typed)))}
      onClose={onClose}
    >
      <Fields form={form} />
    </DialogForm>
  )
}

function Fields({ form }: { form: UseFormReturnType<Typed> }) {
  const { workflow } = form.values
  const { names, onType } = useWorkflowNames(workflow || undefined)
  return (
    <>
      <TextInput
        label="Name"
        description="Lower-case letters, digits and hyphens."
        placeholder="releases"
        maxLength={63}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select
        label="Who calls"
        data={Object.entries(SENDERS).map(([value, label]) => ({ value, label }))}
        allowDeselect={false}
        {...form.getInputProps('kind')}
      />
      <Select
        label="Workflow that it starts"
        data={names}
        searchable
        nothingFoundMessage="No such workflow"
        {...form.getInputProps('workflow')}
        onSearchChange={onType}
      />
      <EventFields form={form} />
    </>
  )
}

/** What the event must be like, what the run gets of it, and how often. */
function EventFields({ form }: { form: UseFormReturnType<Typed> }) {
  return (
    <>
      <Textarea
        label="Only where"
        description="A value of the event, a line each; * and ? stand for anything. Empty: every event."
        placeholder={ONLY_EXAMPLES[form.values.kind]}
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps('only')}
      />
      <Textarea
        label="Parameters of the run"
        description="A line each; {{event.…}} stands for a value of the event."
        placeholder="revision = {{event.revision}}"
        autosize
        minRows={1}
        maxRows={6}
        {...form.getInputProps('parameters')}
      />
      <NumberInput
        label="At most"
        description="What comes beyond is refused, and told when to come again."
        suffix=" runs an hour"
        min={1}
        max={100}
        {...form.getInputProps('runs')}
      />
    </>
  )
}

function lineProblem(typed: string): string | null {
  const read = namedTexts(typed)
  return read.ok ? null : read.problem
}

function bodyOf({ name, kind, workflow, only, parameters, runs }: Typed): HookBody {
  const limit = { runs: Number(runs) || 1, perSeconds: HOUR }
  return { name: name.trim(), kind, workflow, only: textsOf(only), parameters: textsOf(parameters), limit }
}

function textsOf(typed: string): Record<string, string> {
  const read = namedTexts(typed)
  return read.ok ? read.texts : {}
}
