import type { TargetSelector } from '../domain/index.ts'
import { type AimedHarm, aimedAtObject, aimedAtPod } from './aimed-harm.ts'
import { choosePods, chooseShare } from './choose-pods.ts'
import type { FaultPlan, FaultWorld } from './fault.ts'

/** What a round hits. */
export interface ChosenTarget {
  name: string
  uid: string
  node?: string
  /** pods that are hit with it */
  hits: number
  /** the harm, held to it, as the injection of this id */
  aim(injection: string): AimedHarm
}

export interface Choosing {
  selector: TargetSelector
  world: FaultWorld
  random: () => number
}

/** What the plan hits this time; empty when nothing can be hit now. */
export async function chooseTargets(plan: FaultPlan, { selector, world, random }: Choosing): Promise<ChosenTarget[]> {
  if ('pods' in plan) {
    const pods = choosePods(await world.target.pods(selector), plan.pods, random)
    return pods.map((pod) => ({
      name: pod.name,
      uid: pod.uid,
      ...(pod.node !== undefined && { node: pod.node }),
      hits: 1,
      aim: (injection) => aimedAtPod(plan, { injection, pod, selector })
    }))
  }
  const objects = chooseShare(await plan.objects(selector, world), plan.percentage, random)
  return objects.map((object) => ({
    name: object.name,
    uid: object.uid,
    hits: object.hits,
    aim: (injection) => aimedAtObject(plan, { injection, object, selector })
  }))
}
