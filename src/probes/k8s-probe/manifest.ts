import { parseAllDocuments } from 'yaml'
import { isTree, type Tree } from '../../domain/index.ts'

const LARGEST = 64 * 1024

/** The one object in a YAML text, or why there is none: it comes from a workflow and is not trusted. */
export function manifestIn(text: string): Tree | string {
  if (text.length > LARGEST) return `data has ${text.length} characters, at most ${LARGEST} are read`
  try {
    return objectIn(parseAllDocuments(text))
  } catch (error) {
    return `data cannot be read: ${(error as Error).message}`
  }
}

function objectIn(documents: ReturnType<typeof parseAllDocuments>): Tree | string {
  const [document] = documents
  if (document === undefined || documents.length > 1) return `data must be one object, and is ${documents.length}`
  const [error] = document.errors
  if (error !== undefined) return `data is no YAML: ${error.message.split('\n')[0]}`
  const object: unknown = document.toJS({ maxAliasCount: 0 })
  return isTree(object) ? object : 'data must be an object with apiVersion, kind and metadata'
}
