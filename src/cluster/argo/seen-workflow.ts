import { gunzipSync } from 'node:zlib'
import { at, isTree, textAt, treeAt } from '../../domain/index.ts'

/** Of an Argo Workflow what is followed; `''` where it is not said. */
export interface SeenWorkflow {
  name: string
  uid: string
  /** Pending, Running, Succeeded, Failed, Error; `''`: no controller has looked at it yet */
  phase: string
  message: string
  shutdown: string
  nodes: readonly SeenNode[]
  /** Argo keeps its nodes in a database of its own, or in a form that cannot be read: they are not seen */
  hidden: boolean
}

/** A node of its graph: a pod, a wait, or what groups others. */
export interface SeenNode {
  id: string
  displayName: string
  /** Pod, Suspend, Skipped, Steps, StepGroup, DAG, TaskGroup, Retry… */
  type: string
  /** Pending, Running, Succeeded, Skipped, Failed, Error, Omitted */
  phase: string
  message: string
  /** the name of its template */
  template: string
  /** the node of the template with steps that it is part of */
  boundary: string
  children: readonly string[]
}

const LONGEST_TEXT = 1000
const MOST_NODES = 10_000
const LARGEST_NODES = 32 * 1024 * 1024

/** Total: what does not fit is not there. */
export function seenWorkflow(object: unknown): SeenWorkflow {
  const compressed = textAt(object, 'status', 'compressedNodes') ?? ''
  const nodes = compressed === '' ? treeAt(object, 'status', 'nodes') : unpacked(compressed)
  return {
    name: text(object, 'metadata', 'name'),
    uid: text(object, 'metadata', 'uid'),
    phase: text(object, 'status', 'phase'),
    message: text(object, 'status', 'message'),
    shutdown: text(object, 'spec', 'shutdown'),
    nodes: Object.values(nodes ?? {})
      .slice(0, MOST_NODES)
      .map(seenNode),
    hidden: nodes === null || text(object, 'status', 'offloadNodeStatusVersion') !== ''
  }
}

export function isOver({ phase }: Pick<SeenWorkflow, 'phase'>): boolean {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Error'
}

/** Of large workflows Argo writes them as base64 of gzip. */
function unpacked(compressed: string): Readonly<Record<string, unknown>> | null {
  try {
    const bytes = gunzipSync(Buffer.from(compressed, 'base64'), { maxOutputLength: LARGEST_NODES })
    const nodes: unknown = JSON.parse(bytes.toString('utf8'))
    return isTree(nodes) ? nodes : null
  } catch {
    return null
  }
}

function seenNode(node: unknown): SeenNode {
  const children = at(node, 'children')
  return {
    id: text(node, 'id'),
    displayName: text(node, 'displayName'),
    type: text(node, 'type'),
    phase: text(node, 'phase'),
    message: text(node, 'message'),
    template: text(node, 'templateName'),
    boundary: text(node, 'boundaryID'),
    children: Array.isArray(children) ? children.filter((id) => typeof id === 'string') : []
  }
}

function text(value: unknown, ...keys: string[]): string {
  return (textAt(value, ...keys) ?? '').slice(0, LONGEST_TEXT)
}
