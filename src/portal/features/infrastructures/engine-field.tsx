import { Group, Radio, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { EngineChoice, Infrastructure } from '../../../contract/index.ts'
import { isDnsLabel } from '../../../domain/index.ts'

/** An engine as it is typed. */
export interface TypedEngine {
  engine: 'builtin' | 'argo'
  argoNamespace: string
  argoInstance: string
}

export const NO_ENGINE: TypedEngine = { engine: 'builtin', argoNamespace: '', argoInstance: '' }

export function typedEngine(engine: Infrastructure['engine']): TypedEngine {
  if (engine.kind === 'builtin') return NO_ENGINE
  return { engine: 'argo', argoNamespace: engine.namespace, argoInstance: engine.instance ?? '' }
}

/** An empty namespace: the server chooses. */
export function chosenEngine({ engine, argoNamespace, argoInstance }: TypedEngine): EngineChoice {
  if (engine === 'builtin') return { kind: 'builtin' }
  const namespace = argoNamespace.trim()
  return { kind: 'argo', ...(namespace !== '' && { namespace }), instance: argoInstance.trim() || null }
}

export const ENGINE_RULES = {
  argoNamespace: (typed: string, { engine }: TypedEngine) =>
    engine === 'builtin' || typed.trim() === '' || isDnsLabel(typed.trim())
      ? null
      : 'Use a-z, 0-9 and "-", at most 63 characters.'
}

interface EngineFieldProps<T extends TypedEngine> {
  form: UseFormReturnType<T>
  /** the only namespace that its agent observes; null = all */
  watched: string | null
}

/** What executes the runs of a cluster. */
export function EngineField<T extends TypedEngine>({ form, watched }: EngineFieldProps<T>) {
  const { engine } = form.values
  return (
    <>
      <Radio.Group label="Engine" {...form.getInputProps('engine')}>
        <Group gap="lg" mt={6}>
          <Radio value="builtin" label="Built in, in the agent" />
          <Radio value="argo" label="Argo Workflows" />
        </Group>
      </Radio.Group>
      {engine === 'builtin' ? null : (
        <>
          {watched === null ? (
            <TextInput
              label="Namespace of the workflows"
              description="Argo’s controller looks at it. The agent may make Workflows there alone."
              placeholder="argo"
              {...form.getInputProps('argoNamespace')}
            />
          ) : null}
          <TextInput
            label="Instance id of Argo’s controller"
            description="Empty where it has none. A controller with one looks only at workflows that carry it."
            {...form.getInputProps('argoInstance')}
          />
        </>
      )}
    </>
  )
}
