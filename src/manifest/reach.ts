import type { Condition, Told } from '../domain/index.ts'

/** What one call of a template came to in the plan. */
export interface Reach {
  /** the steps that whatever comes after has to wait for */
  exits: readonly string[]
  /** the steps that count for how the call ended */
  counted: readonly string[]
  /** more than one step, or none: its steps are not what it is */
  nested: boolean
  /** its error does not hold up what comes next */
  tolerated: boolean
}

/** Calls of the same template that have ended by then. */
export type Earlier = Pick<ReadonlyMap<string, Reach>, 'get'>

/** The tasks of a dag that have ended where these are needed; looked for when somebody asks. */
export function endedBefore(
  needs: readonly string[],
  done: ReadonlyMap<string, { reach: Reach; needs: readonly string[] }>
): Earlier {
  let ended: Set<string> | undefined
  const found = () => {
    const names = new Set(needs)
    for (const name of names) for (const before of done.get(name)?.needs ?? []) names.add(before)
    return names
  }
  return {
    get: (name) => {
      ended ??= found()
      return ended.has(name) ? done.get(name)?.reach : undefined
    }
  }
}

/** What must have ended, and how, before a step begins. */
export interface Entry {
  needs: readonly string[]
  /** all must be true */
  gate: readonly Condition[]
  /** no more than that each of the needs has ended well */
  plain: boolean
}

export const NO_ENTRY: Entry = { needs: [], gate: [], plain: true }

/** The entry of what comes after these calls, within what it is part of. */
export function entryAfter(outer: Entry, reaches: readonly Reach[]): Entry {
  const seen = reaches.filter(({ exits }) => exits.length > 0)
  if (seen.length === 0) return outer
  const own = seen.filter(({ tolerated }) => !tolerated).map(({ counted }) => endedWell(counted))
  return within(outer, {
    needs: seen.flatMap(({ exits }) => exits),
    gate: own,
    plain: seen.every(({ nested, tolerated }) => !nested && !tolerated)
  })
}

/** A gate of its own does not open where what it is part of was left out. */
export function within(outer: Entry, entry: Entry): Entry {
  return entry.plain ? entry : { ...entry, gate: [...outer.gate, ...entry.gate] }
}

function endedWell(of: readonly string[]): Condition {
  return { kind: 'ended', of, as: ['Well'] }
}

/** What a `when` can ask only while the run goes on; a text says why it cannot. */
export function toldBy(
  expression: string,
  { exit, earlier }: { exit: boolean; earlier: Earlier }
): Told | string | null {
  if (expression === 'workflow.status' || expression === 'workflow.failures') {
    if (!exit) return `{{${expression}}} is known in the exit handler (spec.onExit) alone`
    return { told: expression === 'workflow.status' ? 'run-status' : 'failures' }
  }
  const name = /^(?:steps|tasks)\.([\w-]+)\.status$/.exec(expression)?.[1]
  if (name === undefined) return null
  const reach = earlier.get(name)
  if (reach === undefined) return `{{${expression}}}: ${name} does not come before it`
  return { told: 'step-status', of: reach.counted }
}
