import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A page of the documentation. */
export interface Page {
  /** from the root of the repository, with slashes */
  path: string
  text: string
}

const LEFT_OUT = /(^|\/)(node_modules|dist|coverage|\.[^/]+|tools\/check\/fixtures|bench\/results)(\/|$)/

/** Every page of the repository: at its root, in `docs`, and in the rooms. */
export function readPages(root: string): Page[] {
  return pathsBelow(root, '').map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (LEFT_OUT.test(path)) return []
      if (entry.isDirectory()) return pathsBelow(root, path)
      return entry.isFile() && entry.name.endsWith('.md') ? [path] : []
    })
}
