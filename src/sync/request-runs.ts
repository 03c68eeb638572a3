import { parseDefinition } from '../manifest/index.ts'
import {
  type DefinitionRow,
  listDefinitions,
  ourCommits,
  type PassItem,
  revisionText,
  type Tx
} from '../store/index.ts'
import { requestRun } from '../store/runs/request.ts'
import type { Desk, Place } from './desk.ts'
import { ownWord } from './own-word.ts'
import type { SyncPlan } from './plan.ts'
import { type AskedRun, type PushedChange, runsOfPush } from './push-runs.ts'
import type { GitView } from './read-git.ts'

interface Push {
  place: Place
  view: GitView
  plan: SyncPlan
}

/**
 * Run requests of the commits that people have pushed, in the transaction that takes their files over: both happen or
 * neither. Commits of ours start nothing. Answers a line for each, for the history.
 */
export async function requestRuns(desk: Desk, tx: Tx, push: Push): Promise<PassItem[]> {
  const { place, view } = push
  if (view.pushed.length === 0) return []
  const ours = await ourCommits(
    tx,
    place.project,
    view.pushed.map(({ commit }) => commit)
  )
  const people = { ...push, view: { ...view, pushed: view.pushed.filter(({ commit }) => !ours.has(commit)) } }
  const definitions = await definitionsByPath(tx, place.project)
  const runs = runsOfPush({
    mode: place.settings.runOnPush,
    changes: changesOf(people, definitions),
    asked: await askedBy(desk, tx, { push: people, definitions })
  })
  for (const { definition, dedupeKey, cause } of runs) {
    const wish = { projectId: place.project, definitionId: definition, parameters: {}, infrastructureId: null }
    await requestRun(tx, { ...wish, cause, dedupeKey, automatic: true, now: desk.clock.now() })
  }
  return runs.map(({ name, cause }) => ({
    path: definitions.byName.get(name)?.path ?? name,
    action: 'run',
    note: `A run was asked for: ${cause.why}, commit ${cause.commit.slice(0, 7)} by ${cause.author}`
  }))
}

type Definitions = Awaited<ReturnType<typeof definitionsByPath>>

async function definitionsByPath(tx: Tx, project: string) {
  const rows = await listDefinitions(tx, project)
  return {
    byPath: new Map(rows.map((row) => [row.path, row])),
    // old names too, the latest to have one first; a name comes before what was one
    byName: new Map([
      ...rows.toSorted((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime()).flatMap(byAliases),
      ...rows.map((row) => [row.name, row] as const)
    ])
  }
}

function byAliases(row: DefinitionRow): [string, DefinitionRow][] {
  return row.aliases.map((alias) => [alias, row])
}

function changesOf({ view, plan }: Push, { byPath }: Definitions): PushedChange[] {
  const people = new Set(view.pushed.map(({ commit }) => commit))
  return plan.paths.flatMap(({ path, change, file }) => {
    const definition = byPath.get(path)
    const { commit, author } = view.authorOf(path)
    if (change !== 'create' && change !== 'update') return []
    if (definition === undefined || commit === null || !people.has(commit) || file?.content.kind !== 'definition')
      return []
    const what = change === 'create' ? ('added' as const) : ('changed' as const)
    const allows = file.content.runOnPush ?? null
    return [{ definition: definition.id, name: definition.name, blob: file.blob, what, commit, author, allows }]
  })
}

/** A trailer may name any workflow of the project, also one that the commit does not touch. */
async function askedBy(
  { catalogue }: Desk,
  tx: Tx,
  { push, definitions }: { push: Push; definitions: Definitions }
): Promise<AskedRun[]> {
  const asked: AskedRun[] = []
  for (const { commit, author, chaosRun } of push.view.pushed) {
    for (const name of new Set(chaosRun)) {
      const definition = definitions.byName.get(name)
      if (definition === undefined || definition.gitBlob === null) continue
      const text = (await revisionText(tx, definition.id, definition.revision)) ?? ''
      const parsed = parseDefinition(text, { catalogue, path: definition.path })
      const allows = parsed.ok ? ownWord(parsed.manifest) : null
      asked.push({ definition: definition.id, name, blob: definition.gitBlob, commit, author, allows })
    }
  }
  return asked
}
