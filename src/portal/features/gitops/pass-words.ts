import type { Pass, PassItems } from '../../../contract/index.ts'

type Item = PassItems['items'][number]

/** A file of a pass with all that became of it. */
export interface PassFile {
  path: string
  lines: readonly Pick<Item, 'action' | 'note'>[]
  /** number of the item that has its texts; null = nothing to compare */
  texts: number | null
}

const WORDS: readonly (readonly [string, string])[] = [
  ['create', 'added'],
  ['update', 'changed'],
  ['commit', 'committed'],
  ['move', 'moved'],
  ['delete', 'deleted'],
  ['restore', 'restored'],
  ['conflict', 'in conflict'],
  ['reject', 'refused'],
  ['withhold', 'withheld'],
  ['run', 'asked to run']
]

/** As `2 added, 1 refused`. */
export function countWords(counts: Pass['counts']): string {
  return WORDS.flatMap(([action, word]) => (counts[action] ? [`${counts[action]} ${word}`] : [])).join(', ')
}

export function actionWord(action: string): string {
  return WORDS.find(([known]) => known === action)?.[1] ?? action
}

/** One for each path, in the order of the pass. */
export function filesOf(items: PassItems['items']): PassFile[] {
  const numbered = items.map((item, number) => ({ ...item, number }))
  return [...Map.groupBy(numbered, ({ path }) => path)].map(([path, lines]) => ({
    path,
    lines,
    texts: lines.find(({ hasTexts }) => hasTexts)?.number ?? null
  }))
}
