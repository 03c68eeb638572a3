import type { PlanStep } from '../../../domain/index.ts'

/** Where each step is defined in the text: the line of its template, else of its call. */
export function stepLines(text: string, steps: readonly Pick<PlanStep, 'id' | 'name'>[]): ReadonlyMap<string, number> {
  const items = namedItems(text)
  const found = new Map<string, number>()
  for (const { id, name } of steps) {
    const call = items.find((item) => item.name === name && item.template !== null)
    const template = outermost(items.filter((item) => item.name === (call?.template ?? name)))
    const line = (template ?? call)?.line
    if (line !== undefined) found.set(id, line)
  }
  return found
}

/** The step whose definition the line stands in: the last one that begins at or above it. */
export function stepAt(lines: ReadonlyMap<string, number>, line: number): string | null {
  let found: { step: string; at: number } | null = null
  for (const [step, at] of lines) if (at <= line && at > (found?.at ?? 0)) found = { step, at }
  return found?.step ?? null
}

interface NamedItem {
  name: string
  line: number
  indent: number
  /** the template that the item calls, where it is a step */
  template: string | null
}

const ITEM = /^(\s*)(?:- )+name:\s*["']?([\w.-]+)/

/** List items that begin with a name; a step's call says its template in one of the next lines. */
function namedItems(text: string): NamedItem[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const match = ITEM.exec(line)
    if (match === null) return []
    const next = lines.slice(index + 1, index + 3).join('\n')
    const template = /^\s*template:\s*["']?([\w.-]+)/m.exec(next)?.[1] ?? null
    return [{ name: match[2] ?? '', line: index + 1, indent: match[1]?.length ?? 0, template }]
  })
}

function outermost(items: readonly NamedItem[]): NamedItem | undefined {
  return items.toSorted((a, b) => a.indent - b.indent)[0]
}
