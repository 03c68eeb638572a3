import { Graph, layout } from '@dagrejs/dagre'

export const NODE = { width: 216, height: 58 } as const

export interface LaidStep {
  id: string
  needs: readonly string[]
}

export interface Laid {
  /** upper left corners by step */
  places: ReadonlyMap<string, { x: number; y: number }>
  width: number
  height: number
}

/** Places the steps of a graph so that every step comes after what it needs: downwards, or to the right. */
export function layoutGraph(steps: readonly LaidStep[], direction: 'down' | 'right'): Laid {
  const graph = new Graph()
  graph.setGraph({ rankdir: direction === 'down' ? 'TB' : 'LR', nodesep: 22, ranksep: direction === 'down' ? 34 : 48 })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(steps.map(({ id }) => id))
  for (const { id } of steps) graph.setNode(id, { ...NODE })
  for (const { id, needs } of steps) {
    for (const need of needs) if (known.has(need)) graph.setEdge(need, id)
  }
  layout(graph)
  const places = new Map(steps.map(({ id }) => [id, corner(graph.node(id))] as const))
  return { places, ...extent([...places.values()]) }
}

function corner({ x = 0, y = 0 }: { x?: number | undefined; y?: number | undefined }): { x: number; y: number } {
  return { x: x - NODE.width / 2, y: y - NODE.height / 2 }
}

function extent(places: readonly { x: number; y: number }[]): { width: number; height: number } {
  return {
    width: Math.max(NODE.width, ...places.map(({ x }) => x + NODE.width)),
    height: Math.max(NODE.height, ...places.map(({ y }) => y + NODE.height))
  }
}
