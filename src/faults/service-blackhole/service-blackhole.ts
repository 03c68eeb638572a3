import type { TargetSelector } from '../../domain/index.ts'
import {
  type ClusterService,
  type Fault,
  type FaultWorld,
  type ObjectRef,
  type Proof,
  partOf,
  type UndoData
} from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import { applySwap, nameOf, proveBack, swapBack, swapIn, undoOf } from '../field-swap.ts'
import { type OwnObjectPlan, parseObjectFault } from '../object-plan.ts'
import { labelsOf } from '../undo-reader.ts'
import { serviceBlackholeSchema } from './schema.ts'

/** its value is the injection's id: no pod has it */
const FIELD = { of: 'selector', label: 'faultline.dev/blackhole' } as const
const EFFECT_MS = 30_000
const RECOVERY_MS = 60_000

/** Takes all pods from behind a Service. Only the label that was added is taken away again: what else the selector says stays. */
export const serviceBlackhole: Fault = {
  schema: serviceBlackholeSchema,
  needs: ['cluster'],
  parse: (written) =>
    parseObjectFault(serviceBlackholeSchema, written, (tunables) => swallowing(tunables.list('SERVICE_NAMES'))),
  recover: swapBack,
  proveRecovery: (undo, world) => {
    const before = labelsOf(undo, 'selector')
    return proveBack(undo, world, () => proveServes(undo, before, world))
  }
}

function swallowing(names: readonly string[]): OwnObjectPlan {
  return {
    percentage: 100,
    effectDeadlineMs: EFFECT_MS,
    recoveryDeadlineMs: RECOVERY_MS,
    objects: async (selector, world) =>
      (await servicesFor(selector, names, world)).map(({ ref }) => ({ ...ref, hits: 1 })),
    undo: async ({ injection, object }, { target }) => {
      const cluster = partOf(target, 'cluster')
      const service = (await cluster.services(object.namespace)).find(({ ref }) => ref.uid === object.uid)
      if (service === undefined) throw refused(`${nameOf(object)} is gone`)
      const endpoints = await cluster.endpointsOf(object)
      if (endpoints === 0) throw refused(`${nameOf(object)} has no endpoints as it is: there is nothing to harm`)
      const swap = undoOf({ object, field: FIELD, from: null, to: injection, injection })
      return { ...swap, selector: { ...service.selector }, endpoints }
    },
    apply: (_, world) => applySwap(world),
    proveEffect: async ({ object }, { target }) => {
      const left = await partOf(target, 'cluster').endpointsOf(object)
      return { proved: left === 0, evidence: `${nameOf(object)} has ${left} endpoints` }
    }
  }
}

async function servicesFor(
  { namespace, kind, labels }: TargetSelector,
  names: readonly string[],
  { target }: FaultWorld
): Promise<ClusterService[]> {
  const all = await partOf(target, 'cluster').services(namespace)
  if (names.length > 0) return names.map((name) => serviceNamed(all, name, namespace))
  const pods = await target.pods({ namespace, kind, labels })
  const found = all.filter(({ selector }) => !isEmpty(selector) && pods.some((pod) => selects(selector, pod.labels)))
  if (found.length === 0) throw refused(`no Service of namespace ${namespace} selects a pod of the workload`)
  return found
}

function serviceNamed(all: readonly ClusterService[], name: string, namespace: string): ClusterService {
  const found = all.find(({ ref }) => ref.name === name)
  if (found === undefined) throw refused(`there is no Service ${name} in namespace ${namespace}`)
  if (isEmpty(found.selector)) throw refused(`service/${name} has no selector: whoever made it tells its endpoints`)
  return found
}

/** Where somebody has given it another selector meanwhile, its endpoints are their word. */
async function proveServes(undo: UndoData, before: Labels, { target }: FaultWorld): Promise<Proof> {
  const { object } = swapIn(undo)
  const cluster = partOf(target, 'cluster')
  const now = (await cluster.services(object.namespace)).find(({ ref }) => ref.uid === object.uid)
  if (now !== undefined && !equal(now.selector, before)) return otherSelector(object, before, now.selector)
  const endpoints = await cluster.endpointsOf(object)
  return { proved: endpoints > 0, evidence: `it has ${endpoints} endpoints` }
}

function otherSelector(object: ObjectRef, before: Labels, now: Labels): Proof {
  const drift = `the selector of ${nameOf(object)} was ${textOf(before)}, and somebody has made it ${textOf(now)} meanwhile`
  return { proved: true, evidence: drift, drift }
}

type Labels = Readonly<Record<string, string>>

function isEmpty(labels: Labels): boolean {
  return Object.keys(labels).length === 0
}

function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value)
}

function equal(one: Labels, other: Labels): boolean {
  return selects(one, other) && selects(other, one)
}

function textOf(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

function refused(message: string): AppError {
  return new AppError({ code: 'faults/no-service', kind: 'stalled', message })
}
