import type { Listing } from './git.ts'
import type { TreeEntry } from './tree-walk.ts'

/** of the path below a project's folder: characters, and names */
export interface PathLimits {
  pathLength: number
  depth: number
}

export interface ListingLimits extends PathLimits {
  /** of one folder of a project */
  files: number
}

export const PATH_LIMITS: PathLimits = { pathLength: 500, depth: 8 }

const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.@+ -]*$/
const KINDS: Record<string, string> = {
  '120000': 'it is a symbolic link; Faultline reads regular files only',
  '160000': 'it is a submodule; Faultline reads regular files only'
}

/** What of it is read, and what is not: names from outside are hostile until they fit. */
export function judgeEntries(entries: readonly TreeEntry[], folder: string, limits: ListingLimits): Listing {
  const listing: Listing = { files: [], refused: [], missing: entries.length === 0 }
  const shown = new Map<string, number>()
  for (const { mode, blob, path } of entries) {
    const reason =
      refusal(mode, path.slice(folder.length + 1), limits) ??
      (listing.files.length >= limits.files ? tooMany(limits) : null)
    if (reason === null) listing.files.push({ path, blob })
    else if (listing.refused.length < limits.files) {
      const kind = mode in KINDS ? 'link' : 'file'
      listing.refused.push({ path: printable(path, shown), kind, blob, reason })
    }
  }
  return listing
}

function refusal(mode: string, path: string, limits: ListingLimits): string | null {
  if (mode in KINDS) return KINDS[mode] ?? null
  if (mode !== '100644' && mode !== '100755') return 'it is not a regular file'
  return refusedPath(path, limits)
}

/** Why a file of this path below the project's folder is not read, or null. */
export function refusedPath(path: string, limits: PathLimits = PATH_LIMITS): string | null {
  const names = path.split('/')
  if (path.length > limits.pathLength || names.length > limits.depth) return 'its path is too long or too deep'
  if (names.some((name) => !SAFE_NAME.test(name)))
    return 'its name has characters that Faultline does not take (letters, digits and . _ - @ + are fine)'
  return null
}

function tooMany(limits: ListingLimits): string {
  return `there are more than ${limits.files} files in the folder`
}

/** Control characters of a hostile name reach neither log nor page; names that look the same are numbered. */
function printable(path: string, shown: Map<string, number>): string {
  const clean = path.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�')
  const short = (clean.length > 300 ? `${clean.slice(0, 299)}…` : clean).toWellFormed()
  const number = (shown.get(short) ?? 0) + 1
  shown.set(short, number)
  return number === 1 ? short : `${short}\u00a0(${number})`
}
