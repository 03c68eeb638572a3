import { type ParseResult, workflowGraph } from '../../../manifest/index.ts'
import type { IconName } from '../../ui/icon.tsx'
import type { GraphNode } from '../graph/step-graph.tsx'

export interface ManifestGraph {
  steps: readonly GraphNode[]
  /** where each step stands in the text */
  lines: ReadonlyMap<string, number>
}

const EMPTY: ManifestGraph = { steps: [], lines: new Map() }
const ICONS: Record<string, IconName> = { fault: 'bolt', pause: 'hold', 'not-needed': 'minus' }

/** The steps of a manifest as the graph draws them; nothing while it is not valid. */
export function graphOf(result: ParseResult | null): ManifestGraph {
  if (result === null || !result.ok) return EMPTY
  const { nodes, edges } = workflowGraph(result.manifest)
  const steps = nodes.map((node) => ({
    id: node.id,
    name: node.name,
    needs: edges.filter(({ to }) => to === node.id).map(({ from }) => from),
    detail: node.detail,
    icon: ICONS[node.kind] ?? 'minus'
  }))
  const lines = nodes.flatMap(({ id, line }) => (line === undefined ? [] : [[id, line] as const]))
  return { steps, lines: new Map(lines) }
}

/** The step whose text the cursor stands in: the last one that begins at or above the line. */
export function stepAt({ lines }: ManifestGraph, line: number): string | null {
  let found: { step: string; at: number } | null = null
  for (const [step, at] of lines) if (at <= line && at > (found?.at ?? 0)) found = { step, at }
  return found?.step ?? null
}
