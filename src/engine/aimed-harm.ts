import type { FaultWorld, HarmWorld, InjectionAim, ObjectAim, ObjectPlan, PodPlan, Proof, UndoData } from './fault.ts'
import type { JournalRecord } from './journal.ts'

/** What a plan does to one target: the engine does not care what kind of target it is. */
export interface AimedHarm {
  injection: string
  target: JournalRecord['target']
  undo(world: FaultWorld): Promise<UndoData>
  apply(world: FaultWorld): Promise<void>
  proveEffect(world: FaultWorld): Promise<Proof>
  felt(world: FaultWorld): Promise<string | null>
}

export function aimedAtPod(plan: PodPlan, aim: InjectionAim): AimedHarm {
  return { ...heldTo(plan, aim), injection: aim.injection, target: placeOf(aim.pod) }
}

export function aimedAtObject(plan: ObjectPlan, aim: ObjectAim): AimedHarm {
  return { ...heldTo(plan, aim), injection: aim.injection, target: placeOf(aim.object) }
}

interface Verbs<Aim> {
  undo(aim: Aim, world: FaultWorld): Promise<UndoData>
  apply(aim: Aim, world: HarmWorld): Promise<void>
  proveEffect(aim: Aim, world: HarmWorld): Promise<Proof>
  felt?(aim: Aim, world: HarmWorld): Promise<string | null>
}

function heldTo<Aim>(plan: Verbs<Aim>, aim: Aim): Omit<AimedHarm, 'injection' | 'target'> {
  let undo: UndoData = {}
  return {
    undo: async (world) => {
      undo = await plan.undo(aim, world)
      return undo
    },
    apply: (world) => plan.apply(aim, { ...world, undo }),
    proveEffect: (world) => plan.proveEffect(aim, { ...world, undo }),
    felt: async (world) => (await plan.felt?.(aim, { ...world, undo })) ?? null
  }
}

function placeOf({ namespace, name, uid }: JournalRecord['target']): JournalRecord['target'] {
  return { namespace, name, uid }
}
