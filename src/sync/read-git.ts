import { scheduleWords } from '../domain/index.ts'
import type { CommitInfo, Git, Listing, PushedCommit, TreeFile } from '../git/index.ts'
import { LIMITS, parseDefinition, RULES_VERSION } from '../manifest/index.ts'
import {
  type DefinitionRow,
  type EditRow,
  type FileRow,
  knownFiles,
  listDefinitions,
  openEdits
} from '../store/index.ts'
import { type Authorship, fromGit } from './authorship.ts'
import type { Desk, Place } from './desk.ts'
import { DUPLICATE_NAME } from './judge-names.ts'
import { ownWord } from './own-word.ts'
import type { FileContent, GitFile } from './plan-input.ts'

/** One commit, as a pass needs it. */
export interface GitView {
  commit: string
  info: CommitInfo
  files: GitFile[]
  /** files that are no manifests by their names: left alone */
  ignored: readonly { path: string; blob: string }[]
  folderMissing: boolean
  /** edit request → the commit of ours in this history that it became */
  landed: ReadonlyMap<string, string>
  authorOf: (path: string) => Authorship
  /** new commits on a branch that went on from what was synced; none at the first look, or after a rewrite */
  pushed: readonly PushedCommit[]
}

/** Reads what has changed since the last pass, and judges it; what is known by its blob is not read again. */
export async function readGit(desk: Desk, place: Place, commit: string, since: string | null): Promise<GitView> {
  const { git, store } = desk
  const [listing, known, definitions, edits, info] = await Promise.all([
    git.files(place.repo, commit, place.settings.path),
    knownFiles(store.db, place.project),
    listDefinitions(store.db, place.project),
    openEdits(store.db, place.project),
    git.info(place.repo, commit)
  ])
  const memory = new Memory(known, definitions, edits)
  const files = await judgeListing(desk, place, listing, memory)
  const changes = await changesOf(desk, place, { info, since })
  return {
    commit,
    info,
    files,
    ignored: ignoredFiles(listing),
    folderMissing: listing.missing,
    landed: await landedEdits(desk, place, { commit, since }, edits),
    authorOf: (path) => fromGit(changes.get(path) ?? info),
    pushed: await newCommits(desk, place, { commit, since })
  }
}

/** Who changed what since then; of one new commit alone, or none, that is known without the history. */
async function changesOf(
  { git }: Desk,
  { repo, settings }: Place,
  { info, since }: { info: CommitInfo; since: string | null }
): Promise<ReadonlyMap<string, CommitInfo>> {
  const { commit, parents } = info
  if (commit === since || (parents.length === 1 && parents[0] === since)) return new Map()
  return git.changes(repo, { commit, since, folder: settings.path })
}

/** Read only where a push may start something. */
async function newCommits(
  { git }: Desk,
  { repo, settings }: Place,
  { commit, since }: { commit: string; since: string | null }
): Promise<PushedCommit[]> {
  if (settings.runOnPush === 'never' || since === null || since === commit) return []
  return git.pushed(repo, { commit, since })
}

/** What earlier passes know: a blob that was judged by the same rules is judged. */
class Memory {
  readonly #files: ReadonlyMap<string, FileRow>
  readonly #definitions: ReadonlyMap<string, DefinitionRow>
  readonly #edited: ReadonlySet<string>

  constructor(files: readonly FileRow[], definitions: readonly DefinitionRow[], edits: readonly EditRow[]) {
    this.#files = new Map(files.map((file) => [file.path, file]))
    this.#definitions = new Map(definitions.map((definition) => [definition.path, definition]))
    this.#edited = new Set(edits.map((edit) => edit.path))
  }

  contentOf({ path, blob }: { path: string; blob: string }): FileContent | null {
    const file = this.#files.get(path)
    // the texts of both sides are needed where an edit waits
    if (file === undefined || file.blob !== blob || file.rulesVersion !== RULES_VERSION || this.#edited.has(path))
      return null
    if (file.state === 'good') {
      const definition = this.#definitions.get(path)
      if (definition?.gitBlob !== blob) return null
      return { kind: 'definition', of: definition.kind, name: definition.name, text: null }
    }
    if (file.state === 'ignored') return null
    const problems = file.problems ?? []
    if (problems.some((problem) => problem.code === DUPLICATE_NAME)) return null
    return { kind: file.state, problems, text: null }
  }
}

/** what is read of the project's folder */
export const MANIFEST = /\.ya?ml$/i

export async function judgeListing(desk: Desk, place: Place, listing: Listing, memory?: Memory): Promise<GitFile[]> {
  const files: GitFile[] = []
  for (const file of listing.files) {
    if (!MANIFEST.test(file.path)) continue
    const content = memory?.contentOf(file) ?? (await judge(desk, place, file))
    files.push({ path: file.path, blob: file.blob, content })
  }
  for (const { path, kind, blob, reason } of listing.refused) {
    if (kind === 'file' && !MANIFEST.test(path)) continue
    files.push({ path, blob, content: refusedFile(reason) })
  }
  return files
}

function ignoredFiles({ files, refused }: Listing): GitView['ignored'] {
  const all = [...files, ...refused.filter(({ kind }) => kind === 'file')]
  return all.filter(({ path }) => !MANIFEST.test(path)).map(({ path, blob }) => ({ path, blob }))
}

async function judge(desk: Desk, { repo, project }: Place, file: TreeFile): Promise<FileContent> {
  const blob = await desk.git.blob(repo, file.blob, LIMITS.bytes)
  if (blob.kind === 'too-large') {
    const message = `The file has ${blob.size} bytes; at most ${LIMITS.bytes} are read.`
    return bad('refused', 'sync/too-large', message)
  }
  if (blob.kind !== 'text') return bad('refused', 'sync/not-text', 'The file is not UTF-8 text.')
  return judgeText(desk, { project, path: file.path, text: blob.text })
}

export function judgeText(
  { catalogue, log }: Pick<Desk, 'catalogue' | 'log'>,
  { project, path, text }: { project: string; path: string; text: string }
): FileContent {
  try {
    const parsed = parseDefinition(text, { catalogue, path })
    if (!parsed.ok) return { kind: 'invalid', problems: parsed.problems, text }
    const { kind, name, schedule } = parsed.manifest
    return {
      kind: 'definition',
      of: kind,
      name,
      text,
      runOnPush: ownWord(parsed.manifest),
      schedule: schedule === null ? null : scheduleWords(schedule.schedule)
    }
  } catch (err) {
    // a bug of ours in one file must not hold up all the others
    log.error({ err, project, path }, 'a file could not be judged')
    return bad(
      'invalid',
      'sync/cannot-judge',
      'Faultline failed to read this file; the log of the server has the reason.'
    )
  }
}

export function refusedFile(reason: string): FileContent {
  return bad('refused', 'sync/refused-file', `This file is not read: ${reason}.`)
}

function bad(kind: 'invalid' | 'refused', code: string, message: string): FileContent {
  return { kind, problems: [{ code, severity: 'error', message, line: 1 }], text: null }
}

/** Our own commits are recognised by their ids, which were noted before they were pushed. */
async function landedEdits(
  { git }: Desk,
  { repo }: Place,
  { commit, since }: { commit: string; since: string | null },
  edits: readonly EditRow[]
): Promise<Map<string, string>> {
  const candidates = edits.flatMap((edit) => edit.tries)
  if (candidates.length === 0) return new Map()
  const there =
    since === null
      ? await ancestorsAmong(git, { repo, commit, candidates })
      : await git.among(repo, { commit, since, candidates })
  const landed = edits.map(({ id, tries }) => [id, tries.findLast((attempt) => there.has(attempt))] as const)
  return new Map(landed.filter((one): one is readonly [string, string] => one[1] !== undefined))
}

/** At the first look, or after a rewrite, there is no range to look in: each is asked for by itself. */
async function ancestorsAmong(
  git: Git,
  { repo, commit, candidates }: { repo: string; commit: string; candidates: readonly string[] }
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const candidate of candidates)
    if (candidate === commit || (await git.isAncestor(repo, candidate, commit))) found.add(candidate)
  return found
}
