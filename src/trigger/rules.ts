import { type EventPolicy, pathsOf } from '../domain/index.ts'
import { policyOf } from '../manifest/index.ts'
import type { Db } from '../store/index.ts'
import { type PolicyHead, policiesOf, policyTexts, sceneOf } from '../store/trigger/write.ts'

/** A policy of a project, as it is now. */
export interface Rule {
  projectId: string
  policy: { id: string; name: string }
  does: EventPolicy
}

export interface ProjectRules {
  projectId: string
  rules: readonly Rule[]
}

/** texts are parsed once for each revision; so many are kept */
const MOST_KEPT = 1000
const parsed = new Map<string, EventPolicy | null>()

/** The rules of every project that may use this infrastructure, always in the same order. */
export async function rulesFor(db: Db, projects: readonly string[]): Promise<ProjectRules[]> {
  const rules = await understood(db, await policiesOf(db, projects))
  return projects.map((projectId) => ({ projectId, rules: rules.filter((rule) => rule.projectId === projectId) }))
}

/** The rules of one project, by name. */
export async function projectRules(db: Db, projectId: string): Promise<Rule[]> {
  return understood(db, await policiesOf(db, [projectId]))
}

/** an agent looks at no more, whatever policies there are */
const MOST_PATHS = 500

/** The expressions that an agent of this infrastructure is to look at. */
export async function askedPaths(db: Db, infrastructureId: string): Promise<string[]> {
  const { projects } = await sceneOf(db, infrastructureId)
  const rules = (await rulesFor(db, projects)).flatMap((project) => project.rules)
  return [...new Set(rules.flatMap(({ does }) => pathsOf(does)))].sort().slice(0, MOST_PATHS)
}

/** Those that can be read; a text is asked for and parsed where it is not known yet. What another caller forgets meanwhile is no matter. */
async function understood(db: Db, policies: readonly PolicyHead[]): Promise<Rule[]> {
  const known = new Map(policies.map((policy) => [keyOf(policy), parsed.get(keyOf(policy))]))
  const unknown = policies.filter((policy) => known.get(keyOf(policy)) === undefined)
  for (const policy of await policyTexts(db, unknown)) {
    const does = policyOf(policy.text)
    known.set(keyOf(policy), does)
    if (parsed.size >= MOST_KEPT) parsed.clear()
    parsed.set(keyOf(policy), does)
  }
  return policies.flatMap((policy) => {
    const does = known.get(keyOf(policy))
    const { id, name, projectId } = policy
    return does ? [{ projectId, policy: { id, name }, does }] : []
  })
}

function keyOf({ id, revision }: Pick<PolicyHead, 'id' | 'revision'>): string {
  return `${id}/${revision}`
}
