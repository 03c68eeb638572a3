import type { Overview, RunSummary } from '../../../contract/index.ts'

/** The answers in words: is git and the portal the same, did it hold, is anything under way. */
export function overviewWords(overview: Overview): string {
  return [gitWords(overview), ...activeWords(overview), ...lastWords(overview)].join(' ')
}

function gitWords({ gitops: { enabled, sync }, attention }: Overview): string {
  if (!enabled) return 'Workflows live in Faultline only.'
  if (sync.status === 'stalled') return 'Syncing with git is stalled.'
  const differing = attention.total
  if (differing > 0)
    return `${count(differing, 'workflow')} ${differing === 1 ? 'differs' : 'differ'} between git and here.`
  if (sync.openEdits > 0) return `${count(sync.openEdits, 'edit')} on the way to git.`
  return sync.syncedAt === null ? 'Git has not been read yet.' : 'Git and the portal are the same.'
}

function activeWords({ active }: Overview): string[] {
  const waiting = active.filter(waitsForPerson).length
  const waits = waiting === 0 ? [] : [`${count(waiting, 'run')} ${waiting === 1 ? 'waits' : 'wait'} for a person.`]
  return active.length === 0 ? [] : [`${count(active.length, 'run')} under way.`, ...waits]
}

/** One that has not begun waits for another run to end. */
export function waitsForPerson({ phase, startedAt }: RunSummary): boolean {
  return phase === 'waiting' && startedAt !== null
}

function lastWords({ recent }: Overview): string[] {
  const last = recent.find(({ phase }) => phase === 'completed')
  if (last === undefined) return []
  if (last.verdict === 'pass') return [`${last.workflow} held when it ran last.`]
  if (last.verdict === 'fail') return [`${last.workflow} did not hold when it ran last.`]
  return []
}

function count(n: number, word: string): string {
  return `${n} ${n === 1 ? word : `${word}s`}`
}
