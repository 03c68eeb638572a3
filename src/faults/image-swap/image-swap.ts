import {
  type Fault,
  type FaultWorld,
  type HarmWorld,
  type InjectionAim,
  type ObjectAim,
  type ObjectRef,
  type Proof,
  partOf,
  type UndoData
} from '../../engine/index.ts'
import { AppError } from '../../platform/index.ts'
import { applySwap, fieldNow, nameOf, proveBack, swapBack, swapIn, undoOf } from '../field-swap.ts'
import { type OwnObjectPlan, parseObjectFault } from '../object-plan.ts'
import { type OwnPlan, parsePodFault } from '../pod-tunables.ts'
import { Tunables } from '../tunables.ts'
import { proveWorkloadReady, workloadOf } from '../workload-ready.ts'
import { proveRolledOut, workloadsOf } from '../workload-target.ts'
import { imageSwapSchema } from './schema.ts'

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet']
const EFFECT_MS = 60_000
const RECOVERY_MS = 180_000

/** Gives a container another image, of pods or of the template that they are made from. */
export const imageSwap: Fault = {
  schema: imageSwapSchema,
  needs: ['cluster'],
  parse: (written) =>
    new Tunables(imageSwapSchema, written).text('LEVEL') === 'workload'
      ? parseObjectFault(imageSwapSchema, written, (tunables) => inTemplate(wishIn(tunables)))
      : parsePodFault(imageSwapSchema, written, (tunables) => inPod(wishIn(tunables))),
  recover: swapBack,
  proveRecovery: (undo, world) => proveBack(undo, world, () => proveRuns(undo, world))
}

interface Wish {
  image: string
  /** null: the first one */
  container: string | null
}

function wishIn(tunables: Tunables): Wish {
  return { image: tunables.text('IMAGE'), container: tunables.text('TARGET_CONTAINER') || null }
}

const TIMES = { effectDeadlineMs: EFFECT_MS, recoveryDeadlineMs: RECOVERY_MS }

function inPod(wish: Wish): OwnPlan {
  return {
    ...TIMES,
    // the node starts the container anew, with either image
    replaces: 'processes',
    undo: async (aim, world) => ({
      ...(await swapOf({ kind: 'Pod', ...aim.pod }, wish, { injection: aim.injection, world })),
      ...workloadOf(aim)
    }),
    apply: (_, world) => applySwap(world),
    proveEffect: proveNotReady
  }
}

function inTemplate(wish: Wish): OwnObjectPlan {
  return {
    ...TIMES,
    percentage: 100,
    replaces: 'pods',
    objects: async (selector, world) =>
      (await workloadsOf(selector, world, KINDS)).map((workload) => ({
        ...workload,
        hits: Math.max(1, workload.desired)
      })),
    undo: ({ injection, object }, world) => swapOf(object, wish, { injection, world }),
    apply: (_, world) => applySwap(world),
    proveEffect: proveNewPod
  }
}

async function swapOf(
  object: ObjectRef,
  { image, container }: Wish,
  { injection, world }: { injection: string; world: FaultWorld }
): Promise<UndoData> {
  const field = { of: 'image', container } as const
  const from = await fieldNow(object, field, world)
  if (from === null) throw refused(`${nameOf(object)} has no container ${container}`)
  if (from === image) throw refused(`${nameOf(object)} has the image ${image} already`)
  return undoOf({ object, field, from, to: image, injection })
}

/** A node takes its time to notice; that the pod says another image is no harm yet. */
async function proveNotReady({ pod, selector }: InjectionAim, { target }: HarmWorld): Promise<Proof> {
  const now = (await target.pods(selector)).find(({ uid }) => uid === pod.uid)
  if (now === undefined) return { proved: false, evidence: `pod ${pod.name} went away` }
  const restarted = Object.entries(now.restarts).some(([name, count]) => count > (pod.restarts[name] ?? 0))
  const state = `${now.ready ? 'ready' : 'not ready'}${restarted ? ', and was started again' : ''}`
  return { proved: !now.ready || restarted, evidence: `pod ${pod.name} has the other image and is ${state}` }
}

/** Whether a pod of the new template is there. */
async function proveNewPod({ object, selector }: ObjectAim, { undo, target }: HarmWorld): Promise<Proof> {
  const { field, to } = swapIn(undo)
  const pods = (await target.pods(selector)).filter(({ workload }) => workload.uid === object.uid)
  const images = await Promise.all(pods.map((pod) => partOf(target, 'cluster').fieldOf({ kind: 'Pod', ...pod }, field)))
  const swapped = pods.filter((_, index) => images[index] === to)
  const ready = swapped.filter((pod) => pod.ready).length
  const evidence = `${swapped.length} of ${pods.length} pods of ${nameOf(object)} have the other image, ${ready} of them are ready`
  return { proved: swapped.length > 0, evidence }
}

async function proveRuns(undo: UndoData, world: FaultWorld): Promise<Proof> {
  const { object } = swapIn(undo)
  return object.kind === 'Pod' ? proveWorkloadReady(undo, world) : proveRolledOut(object, world)
}

function refused(message: string): AppError {
  return new AppError({ code: 'faults/no-swap', kind: 'invalid', message })
}
