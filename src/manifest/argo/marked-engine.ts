import { ENGINE_POD, ENGINE_WORKFLOW } from '../../domain/index.ts'
import { readEmbedded } from '../source.ts'

/**
 * A ChaosEngine that says which workflow made it, and in which pod: Argo fills these placeholders in. Other manifests, and
 * what cannot be read, stay as they are. The text may hold tokens.
 */
export function markedEngine(text: string, expressions: readonly string[]): string {
  const embedded = readEmbedded(text, expressions)
  if (!embedded.ok || (embedded.source.data as { kind?: unknown }).kind !== 'ChaosEngine') return text
  const document = embedded.source.document.clone()
  document.setIn(['metadata', 'labels', ENGINE_WORKFLOW], '{{workflow.name}}')
  document.setIn(['metadata', 'annotations', ENGINE_POD], '{{pod.name}}')
  return document.toString({ lineWidth: 0 })
}
