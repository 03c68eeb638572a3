import { createHash } from 'node:crypto'
import { type Aspects, type ProjectionTools, projectWorkload, searchExpression } from '../domain/index.ts'

const TOOLS: Omit<ProjectionTools, 'template'> = {
  hash: (text) => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`,
  search: searchExpression
}

/**
 * What is compared of a workload, whichever infrastructure it is of; `paths` are expressions that are asked for,
 * `template` is where the pod template is, null = where its kind has it.
 */
export function workloadAspects(
  object: unknown,
  paths: readonly string[],
  template: readonly string[] | null = null
): Aspects {
  return projectWorkload(object, paths, { ...TOOLS, template })
}
