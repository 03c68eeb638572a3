import type { RunPlan } from '../../domain/index.ts'
import type { SeenNode } from './seen-workflow.ts'

/** Nodes that only group others. */
const GROUPS: ReadonlySet<string> = new Set(['Steps', 'DAG', 'StepGroup', 'TaskGroup'])
const EXIT = 'onExit'

/**
 * The step of the plan that each node belongs to, by the node's id; what belongs to none is not there. A node's place is
 * the names of what it is part of: of the templates with steps around it, then its own. A plan that could not write a
 * loop out has one step for all of its rounds.
 */
export function stepsOfNodes(plan: RunPlan, nodes: readonly SeenNode[], workflow: string): Map<string, string> {
  const known = new Map(plan.steps.map(({ id }) => [numbered(id), id]))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const retries = retriesOf(nodes)
  const places = new Map<string, string>()
  const placeOf = (node: SeenNode, depth = 0): string => {
    const said = places.get(node.id)
    if (said !== undefined) return said
    const outer = byId.get(node.boundary)
    const around = outer === undefined || depth > MOST_LEVELS ? '' : placeOf(outer, depth + 1)
    const place = joined(around, numbered(ownName(node, workflow, retries)))
    places.set(node.id, place)
    return place
  }
  const found = new Map<string, string>()
  const [only] = plan.steps
  for (const node of nodes) {
    if (GROUPS.has(node.type)) continue
    const place = placeOf(node)
    // a workflow whose entrypoint does something itself: its node has the workflow's name, its step the template's
    const step = place === '' ? only?.id : knownIn(known, place)
    if (step !== undefined) found.set(node.id, step)
  }
  return found
}

const MOST_LEVELS = 100

/** Attempts have the name of what is tried, and a number. */
function retriesOf(nodes: readonly SeenNode[]): Map<string, string> {
  return new Map(
    nodes.flatMap(({ type, displayName, children }) =>
      type === 'Retry' ? children.map((child) => [child, displayName] as const) : []
    )
  )
}

function ownName({ id, displayName }: SeenNode, workflow: string, retries: ReadonlyMap<string, string>): string {
  const name = retries.get(id) ?? displayName
  if (name === workflow) return ''
  return name === `${workflow}.${EXIT}` ? EXIT : name
}

function knownIn(known: ReadonlyMap<string, string>, place: string): string | undefined {
  const parts = place.split('/')
  for (let length = parts.length; length > 0; length--) {
    const cut = parts.slice(0, length)
    for (const tried of [cut, [...cut.slice(0, -1), withoutRound(cut.at(-1) ?? '')]])
      if (known.has(tried.join('/'))) return known.get(tried.join('/'))
  }
  return undefined
}

/** `harm(0:cart)` is round 0 of `harm`: how the item is written is not compared */
function numbered(id: string): string {
  return id.replace(/\((\d+):[\s\S]*?\)(?=\/|$)/g, '($1)')
}

function withoutRound(name: string): string {
  return name.replace(/\(\d+\)$/, '')
}

function joined(around: string, name: string): string {
  if (around === '' || name === '') return around + name
  return `${around}/${name}`
}

/** The number that a node's id and the name of its pod end with. */
export function nodeMark(text: string): string {
  return /-(\d+)$/.exec(text)?.[1] ?? text
}
