import type { ClusterRight, TargetSelector, TunableSchema } from '../domain/index.ts'
import { type ClusterNode, type FaultWorld, partOf, type TargetObject } from '../engine/index.ts'
import { AppError } from '../platform/index.ts'
import { durationTunable, OBJECT_MACHINERY, rampTunable } from './pod-tunables.ts'
import type { Tunables } from './tunables.ts'

/** To find nodes, and to change one and back. */
export const NODE_RIGHTS: readonly ClusterRight[] = [{ group: '', resource: 'nodes', verbs: ['list', 'get', 'patch'] }]

/** What all faults on nodes share, with Litmus' names and defaults. */
export const NODE_TUNABLES: readonly TunableSchema[] = [
  durationTunable('60'),
  {
    name: 'TARGET_NODE',
    type: 'string',
    default: '',
    description: 'The node by its name. Empty: one that a ready pod of the workload is on, at random.'
  },
  {
    name: 'NODE_LABEL',
    type: 'string',
    default: '',
    description: 'Only a node with this label, `key=value` or `key`; without a workload: any node that has it.'
  },
  rampTunable,
  ...OBJECT_MACHINERY
]

export interface NodeChoice {
  name: string
  label: string
}

export function nodeChoiceIn(tunables: Tunables): NodeChoice {
  return { name: tunables.text('TARGET_NODE'), label: tunables.text('NODE_LABEL') }
}

/**
 * Nodes that may be harmed: that of the name, those of the label, those that the workload is on. Never one that runs the
 * cluster itself. Errors: `faults/no-node`, `faults/control-plane`.
 */
export async function nodesFor(
  selector: TargetSelector,
  { target }: FaultWorld,
  choice: NodeChoice
): Promise<TargetObject[]> {
  const all = await partOf(target, 'cluster').nodes()
  const found = choice.name === '' ? await unnamed(all, selector, { target, label: choice.label }) : named(all, choice)
  return found.map(({ name, uid }) => ({ kind: 'Node', namespace: '', name, uid, hits: 1 }))
}

function named(all: readonly ClusterNode[], { name, label }: NodeChoice): ClusterNode[] {
  const node = all.find((one) => one.name === name)
  if (node === undefined) throw noNode(`there is no node ${name}`)
  if (node.controlPlane) throw controlPlane(name)
  if (!carries(node, label)) throw noNode(`node ${name} has no label ${label}`)
  return [node]
}

async function unnamed(
  all: readonly ClusterNode[],
  selector: TargetSelector,
  { target, label }: Pick<FaultWorld, 'target'> & { label: string }
): Promise<ClusterNode[]> {
  const workers = all.filter((node) => !node.controlPlane && carries(node, label))
  if (Object.keys(selector.labels).length === 0) {
    if (label === '') throw noNode('name a node (TARGET_NODE), its label (NODE_LABEL), or a workload (appinfo)')
    if (workers.length === 0) throw noNode(`no node has the label ${label}`)
    return workers
  }
  const pods = (await target.pods(selector)).filter(({ ready }) => ready)
  const found = workers.filter(({ name }) => pods.some(({ node }) => node === name))
  if (found.length === 0) throw noNode(`none of its ${pods.length} ready pods is on a node that may be harmed`)
  return found
}

function carries({ labels }: ClusterNode, label: string): boolean {
  if (label === '') return true
  const [key = '', ...value] = label.split('=')
  return value.length === 0 ? Object.hasOwn(labels, key) : labels[key] === value.join('=')
}

function noNode(message: string): AppError {
  return new AppError({ code: 'faults/no-node', kind: 'stalled', message })
}

function controlPlane(name: string): AppError {
  const message = `node ${name} runs the cluster itself: it is never harmed`
  return new AppError({ code: 'faults/control-plane', kind: 'denied', message })
}
