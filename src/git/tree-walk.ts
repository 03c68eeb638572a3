import { AppError } from '../platform/index.ts'

/** What is at a path and is no folder. */
export interface TreeEntry {
  /** as git writes it: 100644, 120000 … */
  mode: string
  blob: string
  path: string
}

const FOLDER = '40000'
const ID_BYTES = 20
/** trees that are read for one listing: a hostile one names the same folders over and over */
const MAX_TREES = 10_000

/** Everything below a folder of a tree, in git's order, as `git ls-tree -r` has it; none where there is no such folder. */
export async function entriesBelow(
  root: string,
  folder: string,
  readTree: (oid: string) => Promise<Buffer>
): Promise<TreeEntry[]> {
  let top = root
  for (const name of folder.split('/')) {
    const found = parseTree(await readTree(top), '').find((entry) => entry.path === name)
    if (found?.mode !== FOLDER) return []
    top = found.blob
  }
  const entries: TreeEntry[] = []
  let trees = 0
  const walk = async (oid: string, path: string): Promise<void> => {
    trees += 1
    if (trees > MAX_TREES) throw tooMany(folder)
    for (const entry of parseTree(await readTree(oid), `${path}/`)) {
      if (entry.mode === FOLDER) await walk(entry.blob, entry.path)
      else entries.push(entry)
    }
  }
  await walk(top, folder)
  return entries
}

/** Mode, a space, the name, NUL, the id in binary (gitformat-tree). */
function parseTree(tree: Buffer, prefix: string): TreeEntry[] {
  const entries: TreeEntry[] = []
  let at = 0
  while (at < tree.length) {
    const space = tree.indexOf(0x20, at)
    const end = tree.indexOf(0, space)
    if (space < 0 || end < 0) break
    const mode = tree.toString('latin1', at, space)
    const path = prefix + tree.toString('utf8', space + 1, end)
    at = end + 1 + ID_BYTES
    entries.push({ mode, path, blob: tree.toString('hex', end + 1, at) })
  }
  return entries
}

function tooMany(folder: string): AppError {
  const message = `${folder} has more than ${MAX_TREES} folders in it; Faultline does not read so many.`
  return new AppError({ code: 'git/too-large', kind: 'stalled', message })
}
