import { at, isTree, type Tree, treesAt } from './tree.ts'

/** Where kinds keep their pod template: workloads of apps, Argo Rollouts, Knative Services and Jobs; then CronJobs. */
const PLACES = [
  ['spec', 'template'],
  ['spec', 'jobTemplate', 'spec', 'template']
] as const

/** The pod template of a workload, at `place` or where its kind has it; empty = it has none. */
export function podTemplate(object: unknown, place: readonly string[] | null): Tree {
  for (const keys of place === null ? PLACES : [place]) {
    const found = at(object, ...keys)
    if (isTree(found)) return found
  }
  return {}
}

export interface Container {
  name: string
  spec: Tree
}

/** Init containers and sidecars included; the first of a name counts. */
export function containersOf(template: Tree): Container[] {
  const all = [...treesAt(template, 'spec', 'initContainers'), ...treesAt(template, 'spec', 'containers')]
  const byName = new Map<string, Container>()
  for (const spec of all) {
    const { name } = spec
    if (typeof name === 'string' && !byName.has(name)) byName.set(name, { name, spec })
  }
  return [...byName.values()]
}
