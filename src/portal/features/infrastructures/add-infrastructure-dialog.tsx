import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CreatedInfrastructure, InfrastructureBody } from '../../../contract/index.ts'
import { isDnsLabel, readWatchedKind, WATCHED_KIND_FORM } from '../../../domain/index.ts'
import { FormProblem } from '../../ui/form-problem.tsx'
import { chosenEngine, ENGINE_RULES, NO_ENGINE } from './engine-field.tsx'
import { EnvironmentField } from './environment-field.tsx'
import { PlaceFields, type TypedPlace } from './place-fields.tsx'
import { useAddPlace } from './queries.ts'

const NO_LABEL = 'Use a-z, 0-9 and "-", at most 63 characters.'

const NOTHING_TYPED: TypedPlace = {
  name: '',
  environment: 'non-prod',
  kind: 'local',
  scope: 'cluster',
  namespace: '',
  nodeFaults: false,
  watch: [],
  ...NO_ENGINE
}

interface AddInfrastructureDialogProps {
  opened: boolean
  onClose: () => void
  onCreated: (created: CreatedInfrastructure) => void
}

export function AddInfrastructureDialog({ opened, onClose, onCreated }: AddInfrastructureDialogProps) {
  const form = useForm<TypedPlace>({
    initialValues: NOTHING_TYPED,
    validate: {
      ...ENGINE_RULES,
      name: (name) => (isDnsLabel(name) ? null : NO_LABEL),
      watch: (kinds) => oddKind(kinds),
      namespace: (namespace, typed) => (!isScoped(typed) || isDnsLabel(namespace) ? null : NO_LABEL)
    }
  })
  const add = useAddPlace((created) => {
    form.reset()
    onClose()
    onCreated(created)
  })
  return (
    <Modal opened={opened} onClose={onClose} title="Add infrastructure">
      <form onSubmit={form.onSubmit((typed) => add.mutate(placeOf(typed)))}>
        <Stack>
          <FormProblem error={add.error} />
          <TextInput
            label="Name"
            description="Of the machine or the cluster."
            placeholder="laptop"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <PlaceFields form={form} />
          <EnvironmentField {...form.getInputProps('environment')} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function oddKind(kinds: readonly string[]): string | null {
  const odd = kinds.find((kind) => readWatchedKind(kind) === null)
  return odd === undefined ? null : `${odd} is not written ${WATCHED_KIND_FORM}.`
}

function isScoped({ kind, scope }: TypedPlace): boolean {
  return kind === 'kubernetes' && scope === 'namespace'
}

function placeOf(typed: TypedPlace): InfrastructureBody {
  const { name, kind, environment, namespace } = typed
  const nodeFaults = typed.nodeFaults && kind === 'kubernetes' && !isScoped(typed)
  const ofCluster = { engine: chosenEngine(typed), watch: typed.watch }
  const cluster = { ...(nodeFaults && { nodeFaults }), ...(kind === 'kubernetes' && ofCluster) }
  return { name, kind, environment, ...(isScoped(typed) && { namespace }), ...cluster }
}
