import { type EventPolicy, pathsOf } from '../domain/index.ts'
import { policyOf } from '../manifest/index.ts'
import type { Db } from '../store/index.ts'
import { grantedProjects, type PolicyRow, policiesOf } from '../store/trigger/write.ts'

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
export async function rulesFor(db: Db, infrastructureId: string): Promise<ProjectRules[]> {
  const projects = await grantedProjects(db, infrastructureId)
  const rules = (await policiesOf(db, projects)).flatMap(ruleOf)
  return projects.map((projectId) => ({ projectId, rules: rules.filter((rule) => rule.projectId === projectId) }))
}

/** The rules of one project, by name. */
export async function projectRules(db: Db, projectId: string): Promise<Rule[]> {
  return (await policiesOf(db, [projectId])).flatMap(ruleOf)
}

/** an agent looks at no more, whatever policies there are */
const MOST_PATHS = 500

/** The expressions that an agent of this infrastructure is to look at. */
export async function askedPaths(db: Db, infrastructureId: string): Promise<string[]> {
  const rules = (await rulesFor(db, infrastructureId)).flatMap((project) => project.rules)
  return [...new Set(rules.flatMap(({ does }) => pathsOf(does)))].sort().slice(0, MOST_PATHS)
}

function ruleOf(row: PolicyRow): Rule[] {
  const { id, name, projectId } = row
  const does = understood(row)
  return does === null ? [] : [{ projectId, policy: { id, name }, does }]
}

function understood({ id, revision, text }: PolicyRow): EventPolicy | null {
  const key = `${id}/${revision}`
  const known = parsed.get(key)
  if (known !== undefined) return known
  const policy = policyOf(text)
  if (parsed.size >= MOST_KEPT) parsed.clear()
  parsed.set(key, policy)
  return policy
}
