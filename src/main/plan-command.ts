import type { Gitops, Plan, PlanBody, PlanItem } from '../contract/index.ts'
import { readCheckout } from './checkout.ts'
import { EXIT } from './exit-codes.ts'
import { at } from './run-follow.ts'
import { RunProgress, type Screen } from './run-progress.ts'
import type { ServerClient } from './server-client.ts'
import { type Format, printProblem } from './validate.ts'

export interface PlanWish {
  project: string
  /** a checkout whose files are taken as if they were pushed; null: what git has now */
  from: string | null
  /** changes have an exit code of their own */
  detailed: boolean
}

export interface PlanReport {
  exitCode: number
  plan: Plan
}

/** `faultline plan`: what the next pass would do, or a push of these files; nothing is changed. */
export async function makePlan(
  { project, from, detailed }: PlanWish,
  { client, screen }: { client: ServerClient; screen: Screen }
): Promise<PlanReport> {
  const progress = new RunProgress(screen)
  const body = from === null ? {} : await bodyOf(from, { project, client })
  progress.say(
    body.files === undefined ? 'the server looks at git' : `files of ${from} that are judged: ${body.files.length}`
  )
  const plan = await client.post<Plan>(`${at(project)}/gitops/plan`, body)
  return { exitCode: exitCodeOf(plan, detailed), plan }
}

async function bodyOf(from: string, { project, client }: { project: string; client: ServerClient }): Promise<PlanBody> {
  const { path } = await client.get<Gitops>(`${at(project)}/gitops`)
  return { files: await readCheckout(from, path) }
}

function exitCodeOf({ withheld, items }: Plan, detailed: boolean): number {
  if (withheld !== null || items.some(needsPerson)) return EXIT.failed
  return detailed && items.length > 0 ? EXIT.changes : EXIT.ok
}

/** A line for each item, then how many there are. */
export function printPlan(plan: Plan, format: Exclude<Format, 'json'>): string {
  const { branch, folder, commit, withheld, items } = plan
  const where = commit === null ? '' : ` at ${commit.slice(0, 12)}`
  const lines = items.flatMap((item) => (format === 'github' ? annotations(item) : textLines(item)))
  return [`${branch}${where}, ${folder}`, ...(withheld === null ? [] : [withheld]), ...lines, summary(items)].join('\n')
}

function textLines(item: PlanItem): string[] {
  const { action, path, note, problems, startsRun, schedule } = item
  if (problems.length > 0)
    return problems.map((problem) => `${action.padEnd(8)} ${printProblem(path, problem, 'text')}`)
  const more = [...(startsRun ? [STARTS] : []), ...(schedule === null ? [] : [`Schedule: ${schedule}.`])]
  return [`${action.padEnd(8)} ${path}: ${[note, ...more].join(' ')}`]
}

/** What needs a person stands beside the file, in the pull request; the rest is in the log. */
function annotations(item: PlanItem): string[] {
  const { path, action, note, problems } = item
  if (problems.length > 0) return problems.map((problem) => printProblem(path, problem, 'github'))
  if (!needsPerson(item)) return textLines(item)
  return [printProblem(path, { code: `plan/${action}`, severity: 'warning', message: note }, 'github')]
}

const STARTS = 'The push starts a run of it.'
const PERSON: readonly PlanItem['action'][] = ['conflict', 'withhold', 'invalid', 'refused']

function needsPerson({ action }: PlanItem): boolean {
  return PERSON.includes(action)
}

function summary(items: readonly PlanItem[]): string {
  if (items.length === 0) return 'Nothing to do: git and Faultline are the same.'
  const person = items.filter(needsPerson).length
  const does = items.length - person
  const words = [
    ...(does === 0 ? [] : [`${does} ${does === 1 ? 'change' : 'changes'}`]),
    ...(person === 0 ? [] : [`${person} ${person === 1 ? 'needs' : 'need'} a person`])
  ]
  return words.join(', ')
}
