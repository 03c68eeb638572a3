import type { PushAnswer } from '../contract/index.ts'
import { type Problem, RUN_ON_PUSH_ANNOTATION, type RunOnPush } from '../domain/index.ts'
import { startsRun } from './push-runs.ts'

/** What is stored of a project's GitOps, as far as it answers why a push did nothing. */
export interface PushSeen {
  enabled: boolean
  branch: string
  folder: string
  runOnPush: RunOnPush
  /** why nothing is looked at by a person's will, one sentence */
  paused: string | null
  /** why the last pass did not take what is in git, one sentence */
  stalled: string | null
  withheld: readonly { kind: 'deletions' | 'rewrite' | 'missing-branch' | 'missing-path'; paths: readonly string[] }[]
  checkedAt: Date | null
}

export interface FileSeen {
  path: string
  /** as the last pass judged it; null = the branch had no such file */
  state: 'good' | 'invalid' | 'refused' | null
  problem: Pick<Problem, 'message' | 'line'> | null
  /** what it is here; `commit`: the one that its text came with */
  definition: { name: string; commit: string | null; inConflict: boolean } | null
  /** an edit made here has not arrived in git yet */
  editWaits: boolean
  /** the file's own word about runs; null = it says nothing */
  allows: RunOnPush | null
}

export interface CommitSeen {
  commit: string
  /** in what is synced; else only in the store, or nowhere */
  reached: boolean
  /** it is an edit from here */
  own: boolean
  /** what it changed below the project's folder */
  files: readonly FileSeen[]
  /** path → the commit that changed it: of a merge, one that it brought */
  changedBy: ReadonlyMap<string, string>
  /** paths that the branch has otherwise by now: a later commit changed them, or a merge left this change out */
  overtaken: ReadonlySet<string>
  /** paths that its first parent does not have */
  added: ReadonlySet<string>
  /** workflows that its trailers ask for, of a merge also those it brought; null = not known, as of the first commit of a repository */
  asks: readonly string[] | null
  /** those that it asks for and nobody knows */
  unknown: readonly string[]
  /** workflows that a run was asked for, by it or by what it merged */
  started: readonly string[]
}

const MANIFEST = /\.ya?ml$/i

/** Why a file of the repository is here as it is, one sentence. Pure. */
export function explainPath(seen: PushSeen, file: FileSeen): PushAnswer {
  if (!seen.enabled) return OFF
  const { path } = file
  if (!path.startsWith(`${seen.folder}/`))
    return answer('outside', `${path} is not below ${seen.folder}/, the folder of this project.`)
  if (!MANIFEST.test(path))
    return answer('not-yaml', `${path} is not read: only files that end in .yaml or .yml are.`, { path })
  return heldBack(seen, path) ?? withEdit(file, judged(file) ?? unseen(seen) ?? present(seen, file))
}

/** Why a commit did what it did, one sentence or two. Pure. */
export function explainCommit(seen: PushSeen, commit: CommitSeen): PushAnswer {
  if (!seen.enabled) return OFF
  if (!commit.reached) return unseen(seen) ?? elsewhere(seen)
  if (commit.own) return answer('own', 'Faultline made this commit of an edit: its text was here before it was in git.')
  if (commit.files.length === 0)
    return withRuns(
      seen,
      commit,
      answer('outside', `It changes nothing below ${seen.folder}/, the folder of this project.`)
    )
  const read = commit.files.filter(({ path }) => MANIFEST.test(path))
  if (read.length === 0)
    return answer(
      'not-yaml',
      `Below ${seen.folder}/ it changes no file that ends in .yaml or .yml, and others are not read.`
    )
  const answers = read.map((file) => heldBack(seen, file.path) ?? withEdit(file, judged(file) ?? arrived(file, commit)))
  const [first = elsewhere(seen)] = answers.toSorted((one, other) => urgency(one) - urgency(other))
  return withRuns(seen, commit, first)
}

/** Of a commit with many files the one is told that most needs a person. */
const URGENT: readonly PushAnswer['code'][] = [
  'invalid',
  'refused',
  'conflict',
  'withheld',
  'same',
  'overtaken',
  'taken'
]

function urgency({ code }: PushAnswer): number {
  return URGENT.indexOf(code)
}

const OFF = answer('off', 'GitOps is off in this project: git is not looked at.')

/** A person must approve before it is taken from git. */
function heldBack({ withheld }: PushSeen, path: string): PushAnswer | null {
  if (!withheld.some(({ kind, paths }) => (kind === 'deletions' || kind === 'missing-path') && paths.includes(path)))
    return null
  return answer('withheld', `${path} is gone from git with many others: its deletion waits for an owner's approval.`, {
    path
  })
}

function judged({ path, state, problem, definition }: FileSeen): PushAnswer | null {
  if (state === 'invalid' || state === 'refused') {
    const line = problem?.line ?? null
    const where = line === null ? path : `${path}, line ${line}`
    const kept = definition === null ? '' : ` ${definition.name} stays as it was.`
    return answer(state, `${where}: ${problem?.message ?? 'It is not valid.'}${kept}`, { path, line })
  }
  if (!definition?.inConflict) return null
  return answer(
    'conflict',
    `${path} was changed in git and here: ${definition.name} waits until a person decides its conflict.`,
    { path }
  )
}

/** Why what is new in git is not here; null = nothing is in the way. */
function unseen({ paused, stalled, withheld, checkedAt, branch }: PushSeen): PushAnswer | null {
  if (paused !== null) return answer('paused', `${paused} Git is not looked at until somebody resumes it.`)
  if (withheld.some(({ kind }) => kind === 'rewrite'))
    return answer(
      'withheld',
      `The history of ${branch} was rewritten: nothing is taken from it until an owner approves.`
    )
  if (withheld.some(({ kind }) => kind === 'missing-branch'))
    return answer(
      'withheld',
      `The branch ${branch} is missing: nothing is taken from git until it is back, or an owner approves.`
    )
  if (stalled !== null) return answer('stalled', `Git could not be taken as it is: ${stalled}`)
  if (checkedAt === null) return answer('not-seen', 'Git has not been looked at yet.')
  return null
}

function elsewhere({ branch, checkedAt }: PushSeen): PushAnswer {
  const when = checkedAt === null ? '' : ` when it was looked at, ${checkedAt.toISOString()}`
  return answer(
    'not-seen',
    `This commit was not in ${branch}${when}: it is in another branch, or newer. Sync now looks again.`
  )
}

function present({ branch }: PushSeen, { path, state, definition }: FileSeen): PushAnswer {
  if (state === null || definition === null)
    return answer('missing', `${branch} has no file ${path}; capitals count.`, { path })
  const by = definition.commit === null ? '' : `, by commit ${short(definition.commit)}`
  return answer('taken', `${path} is here as ${definition.name}${by}.`, { path })
}

function arrived({ path, state, definition }: FileSeen, { commit, changedBy, overtaken }: CommitSeen): PushAnswer {
  if (overtaken.has(path))
    return answer('overtaken', `${path} was changed again by a later commit or a merge, and that text is here.`, {
      path
    })
  if (state === null || definition === null)
    return answer('taken', `${path} is gone from git, and so it is here.`, { path })
  if (definition.commit === changedBy.get(path)) {
    const by = definition.commit === commit ? 'this commit' : `${short(definition.commit ?? '')}, which it merged`
    return answer('taken', `${path} is here as ${definition.name}, by ${by}.`, { path })
  }
  return answer('same', `${path} has the text that ${definition.name} had already, so nothing changed here.`, { path })
}

/** What was edited here is not what git has, until the edit arrives there. */
function withEdit({ editWaits }: FileSeen, given: PushAnswer): PushAnswer {
  if (!editWaits || given.code === 'conflict') return given
  return { ...given, sentence: `${given.sentence} An edit of it, made here, waits for git.` }
}

/** Whether a push may start something is half of the question. */
function withRuns({ runOnPush }: PushSeen, commit: CommitSeen, given: PushAnswer): PushAnswer {
  const { started } = commit
  const more = started.length > 0 ? `It asked for a run of ${started.join(', ')}.` : noRun(runOnPush, commit)
  return more === null ? given : { ...given, sentence: `${given.sentence} ${more}` }
}

function noRun(mode: RunOnPush, commit: CommitSeen): string | null {
  if (mode === 'never') return 'It starts no run: in this project a push never does.'
  const { asks, unknown } = commit
  if (unknown.length > 0) return `Its trailer Chaos-Run names ${unknown.join(', ')}: no workflow here is called so.`
  if (asks === null || asks.length > 0) return null
  if (mode === 'trailer') return 'It starts no run: its message has no trailer Chaos-Run.'
  return noRunOfFiles(mode, commit)
}

/** Null: one of the files may have started a run. */
function noRunOfFiles(mode: RunOnPush, { files, added }: CommitSeen): string | null {
  const good = files.filter(({ state }) => state === 'good')
  const why = ({ path }: FileSeen) => (added.has(path) ? 'added' : 'changed')
  if (good.length === 0 || good.some((file) => startsRun(mode, file.allows, why(file)))) return null
  const narrowed = good.find((file) => startsRun(mode, null, why(file)))
  return narrowed === undefined
    ? 'It starts no run: in this project only a file that is added does, or a trailer Chaos-Run.'
    : `It starts no run: ${narrowed.path} lets no such push start it, by its schedule or its annotation ${RUN_ON_PUSH_ANNOTATION}.`
}

function answer(
  code: PushAnswer['code'],
  sentence: string,
  { path = null, line = null }: { path?: string | null; line?: number | null } = {}
): PushAnswer {
  return { code, sentence, path, line }
}

function short(commit: string): string {
  return commit.slice(0, 7)
}
