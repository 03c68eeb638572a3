import type { GitFile } from './plan-input.ts'

export interface Homed {
  path: string
  name: string
}

export interface Folders {
  /** the project's folder until now; null = it is not known */
  from: string | null
  to: string
}

/**
 * Where each workflow's file is in a repository that is to be connected: path until now → path there. What is below the
 * folder stays, the rest keeps its place in the folder. A file that has a workflow's name is its file, wherever it is:
 * else one name would be there twice. Pure.
 */
export function homesOf(
  workflows: readonly Homed[],
  files: readonly GitFile[],
  folders: Folders
): ReadonlyMap<string, string> {
  const homes = new Map<string, string>()
  const outside = workflows.filter(({ path }) => isBelow(path, folders.to) === false)
  for (const { path } of workflows) if (isBelow(path, folders.to)) homes.set(path, path)
  const taken = new Set(homes.values())
  for (const { path } of outside) {
    if (homes.has(path)) continue
    const home = freePath(inFolder(path, folders), taken)
    homes.set(path, home)
    taken.add(home)
  }
  return withNames(workflows, files, homes)
}

/** A workflow without a file at its place, whose name exactly one file has that is nobody's, is there. */
function withNames(
  workflows: readonly Homed[],
  files: readonly GitFile[],
  homes: ReadonlyMap<string, string>
): ReadonlyMap<string, string> {
  const present = new Set(files.map(({ path }) => path))
  const taken = new Set(homes.values())
  const named = Map.groupBy(
    files.filter(({ path }) => !taken.has(path)),
    ({ content }) => (content.kind === 'definition' ? content.name : '')
  )
  const found = workflows.flatMap(({ path, name }) => {
    const [file, ...more] = named.get(name) ?? []
    if (file === undefined || more.length > 0 || present.has(homes.get(path) ?? '')) return []
    return [[path, file.path] as const]
  })
  return new Map([...homes, ...found])
}

function inFolder(path: string, { from, to }: Folders): string {
  const rest =
    from !== null && isBelow(path, from) ? path.slice(from.length + 1) : path.slice(path.lastIndexOf('/') + 1)
  return `${to}/${rest}`
}

function freePath(path: string, taken: ReadonlySet<string>): string {
  const [, stem = path, ending = ''] = /^(.*)(\.ya?ml)$/.exec(path) ?? []
  let free = path
  for (let n = 2; taken.has(free); n++) free = `${stem}-${n}${ending}`
  return free
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}
