import { AppError } from '../../platform/index.ts'

interface Node {
  name: string
  references: readonly string[]
}

/** Each after the ones that it refers to, by name where that leaves a choice. */
export function inDependencyOrder<T extends Node>(nodes: readonly T[]): T[] {
  const left = nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const ordered: T[] = []
  while (left.length > 0) {
    const at = left.findIndex((node) => !left.some((other) => other !== node && node.references.includes(other.name)))
    const [next] = at === -1 ? [] : left.splice(at, 1)
    if (next === undefined) throw circle(left)
    ordered.push(next)
  }
  return ordered
}

function circle(nodes: readonly Node[]): AppError {
  const message = `These tables refer to each other in a circle: ${nodes.map(({ name }) => name).join(', ')}.`
  return new AppError({ code: 'store/circular-tables', kind: 'bug', message })
}
