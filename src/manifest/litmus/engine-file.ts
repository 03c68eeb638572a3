import type { FaultCall } from '../../domain/index.ts'
import { type Content, type KindReader, withoutTokens } from '../kind.ts'
import { CHAOS_API, readChaosEngine, readWeight } from './chaos-engine.ts'

/** A ChaosEngine as a file of its own: one step. */
export const CHAOS_ENGINE: KindReader = {
  kind: 'ChaosEngine',
  apiVersion: CHAOS_API,
  read: (reading) => {
    const root = withoutTokens(reading)
    const weight = readWeight(root.at('metadata').at('labels'))
    const fault = readChaosEngine(root, {
      catalogue: reading.catalogue,
      template: reading.name,
      weight,
      compiling: reading.given !== null
    })
    return { ...oneStep(fault), schedule: null, policy: null, labels: {} }
  }
}

/** The step is named after its fault. */
export function oneStep(fault: FaultCall | undefined): Pick<Content, 'parameters' | 'steps' | 'deadlineSeconds'> {
  const steps =
    fault === undefined
      ? []
      : [{ id: fault.fault, name: fault.fault, needs: [], action: { kind: 'fault' as const, fault } }]
  return { parameters: [], steps, deadlineSeconds: null }
}
