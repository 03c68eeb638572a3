import { createHash } from 'node:crypto'
import { type JSONValue, search } from '@jmespath-community/jmespath'
import { type Aspects, type ProjectionTools, projectWorkload } from '../domain/index.ts'

const TOOLS: ProjectionTools = {
  hash: (text) => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`,
  search: searched
}

/** What is compared of a workload, whichever infrastructure it is of; `paths` are expressions that are asked for. */
export function workloadAspects(object: unknown, paths: readonly string[]): Aspects {
  return projectWorkload(object, paths, TOOLS)
}

function searched(expression: string, object: unknown): unknown {
  try {
    return search(object as JSONValue, expression)
  } catch {
    // an expression that cannot be asked of this object finds nothing in it
    return undefined
  }
}
