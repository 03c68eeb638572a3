import { isDeniedNamespace } from '../../domain/index.ts'
import { type FaultWorld, type NodePod, partOf } from '../../engine/index.ts'

const AT_ONCE = 10
const AGENT = { label: 'app.kubernetes.io/name', name: 'faultline-agent' }

export interface HeldPod {
  /** `shop/cart-1` */
  pod: string
  why: string
}

/** The pods that a drain of the node has to make go; how many are on their way; how many others it leaves where they are. */
export async function podsToEvict(
  node: string,
  { target }: FaultWorld
): Promise<{ pods: NodePod[]; leaving: number; left: number }> {
  const there = (await partOf(target, 'cluster').podsOn(node)).filter(({ over }) => !over)
  const going = there.filter(goes)
  const pods = going.filter(({ leaving }) => !leaving)
  return { pods, leaving: going.length - pods.length, left: there.length - going.length }
}

/** One try for each of them; answers what was held back. */
export async function evictAll(node: string, world: FaultWorld): Promise<HeldPod[]> {
  const { pods } = await podsToEvict(node, world)
  const held: HeldPod[] = []
  for (let from = 0; from < pods.length && !world.signal.aborted; from += AT_ONCE) {
    const some = pods.slice(from, from + AT_ONCE)
    const reasons = await Promise.all(some.map((pod) => partOf(world.target, 'cluster').evictPod(pod)))
    for (const [index, why] of reasons.entries()) {
      const pod = some[index]
      if (why !== null && pod !== undefined) held.push({ pod: `${pod.namespace}/${pod.name}`, why })
    }
  }
  return held
}

function goes({ controller, mirror, namespace, labels }: NodePod): boolean {
  if (mirror || controller === null || controller === 'DaemonSet') return false
  return !isDeniedNamespace(namespace) && labels[AGENT.label] !== AGENT.name
}
