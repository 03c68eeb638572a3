import { type ClusterField, type Fault, type FaultWorld, type PodRef, type Proof, partOf } from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import { applySwap, proveBack, swapBack, swapIn, undoOf } from '../field-swap.ts'
import { type OwnPlan, parsePodFault } from '../pod-tunables.ts'
import { textOf } from '../undo-reader.ts'
import { type POLICY_TYPES, podNetworkPartitionSchema } from './schema.ts'

const EFFECT_MS = 20_000
const RECOVERY_MS = 60_000
const POLICIES = { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' }
/** what the policy selects its pod by: the injection's id */
const LABEL = { of: 'label', label: 'faultline.dev/partition' } satisfies ClusterField

type PolicyTypes = (typeof POLICY_TYPES)[number]

/** Cuts a pod off by a NetworkPolicy; a connection to it, tried before, during and after, is the proof. */
export const podNetworkPartition: Fault = {
  schema: podNetworkPartitionSchema,
  needs: ['cluster'],
  parse: (written) =>
    parsePodFault(podNetworkPartitionSchema, written, (tunables) =>
      cutting(tunables.text('POLICY_TYPES') as PolicyTypes, tunables.number('CANARY_PORT') || null)
    ),
  recover: async (undo, world) => {
    const { object, injection } = swapIn(undo)
    await partOf(world.target, 'cluster').objects.remove(policyQuery(object.namespace, injection, world))
    await swapBack(undo, world)
  },
  proveRecovery: async (undo, world): Promise<Proof> => {
    const { object, injection } = swapIn(undo)
    const found = await partOf(world.target, 'cluster').objects.find(policyQuery(object.namespace, injection, world))
    if (found.length > 0) return { proved: false, evidence: `NetworkPolicy ${nameOf(injection)} is still there` }
    return proveBack(undo, world, async () => {
      const { reached, evidence } = await canary(object, Number(textOf(undo, 'port')) || null, world)
      return { proved: reached, evidence: `the policy is gone; ${evidence}` }
    })
  }
}

function cutting(types: PolicyTypes, port: number | null): OwnPlan {
  return {
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    undo: async ({ injection, pod }, world) => {
      const { reached, evidence } = await canary(pod, port, world)
      if (!reached) throw unreached(evidence)
      const object = { kind: 'Pod', ...pod }
      return { ...undoOf({ object, field: LABEL, from: null, to: injection, injection }), port: String(port ?? '') }
    },
    apply: async ({ injection, pod: { namespace } }, world) => {
      await applySwap(world)
      const { objects } = partOf(world.target, 'cluster')
      await objects.create({ ...POLICIES, namespace }, policy(injection, types), world.signal)
    },
    proveEffect: async ({ pod }, world) => {
      const { reached, evidence } = await canary(pod, port, world)
      return { proved: !reached, evidence }
    }
  }
}

function canary(pod: PodRef, port: number | null, { target }: FaultWorld) {
  return partOf(target, 'cluster').connectTo(pod, port)
}

function nameOf(injection: string): string {
  return `faultline-partition-${injection}`
}

function policyQuery(namespace: string, injection: string, { signal }: FaultWorld) {
  return { ...POLICIES, namespace, names: [nameOf(injection)], fieldSelector: '', labelSelector: '', signal }
}

/** It selects one pod, and says what is allowed: nothing. */
function policy(injection: string, types: PolicyTypes): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: nameOf(injection), labels: { 'app.kubernetes.io/managed-by': 'faultline' } },
    spec: {
      podSelector: { matchLabels: { [LABEL.label]: injection } },
      policyTypes: types === 'ingress' ? ['Ingress'] : ['Ingress', 'Egress']
    }
  }
}

function unreached(evidence: string): AppError {
  const message = `nothing was cut off, as no effect could be proved: the agent does not reach ${evidence}`
  return new AppError({ code: 'faults/no-canary', kind: 'invalid', message })
}
