import { createHash } from 'node:crypto'
import { type Aspects, type ProjectionTools, projectWorkload, searchExpression } from '../domain/index.ts'

const TOOLS: ProjectionTools = {
  hash: (text) => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`,
  search: searchExpression
}

/** What is compared of a workload, whichever infrastructure it is of; `paths` are expressions that are asked for. */
export function workloadAspects(object: unknown, paths: readonly string[]): Aspects {
  return projectWorkload(object, paths, TOOLS)
}
