import { type ChangeKind, isMadeByRun, selects } from '../domain/index.ts'
import { type ChangeRow, decidedPolicies, type NewDecision, type Tx } from '../store/trigger/write.ts'
import { type DecidableChange, decideByDefault, decideByRule, ofRule, refusal } from './decide.ts'
import { type Due, dueOf, type Patience } from './due.ts'
import type { ProjectRules, Rule } from './rules.ts'

/** Without a policy: a healthy rollout is waited for, 10 minutes long. */
const DEFAULT_PATIENCE: Patience = {
  rollout: { wait: true, timeoutSeconds: 600, otherwise: 'skip' },
  debounceSeconds: 0
}

export interface Settled {
  decisions: readonly NewDecision[]
  /** when the next rule is due; null = all is decided */
  lookAt: Date | null
}

export interface SettleInput {
  row: Pick<ChangeRow, 'createdAt' | 'healthyAt'>
  /** nothing was decided of it yet: it was not stored before */
  isNew: boolean
  change: DecidableChange
  projects: readonly ProjectRules[]
  now: Date
}

/** Decides a change for every rule that is due, and for those that are not says when. What was decided before stays. */
export async function settle(tx: Tx, input: SettleInput): Promise<Settled> {
  const { change, projects, now } = input
  if (projects.length === 0) return over([refusal(change, now, { reason: NOBODY })])
  if (isMadeByRun(change.before, change.after)) return endWith(tx, input, { reason: madeByRun(change), kind: null })
  const decided: ReadonlySet<string | null> = input.isNew ? new Set() : await decidedPolicies(tx, change.id)
  const decisions: NewDecision[] = []
  const later: Date[] = []
  for (const rule of projects.flatMap((project) => selecting(project, change))) {
    if (decided.has(rule.policy.id)) continue
    const due = dueOf(input.row, rule.does, now)
    if (due.kind === 'later') later.push(due.at)
    else decisions.push(...(await decideDue(tx, due, { input, rule })))
  }
  const plain = projects.filter((project) => selecting(project, change).length === 0)
  if (plain.length > 0 && !decided.has(null)) {
    const due = dueOf(input.row, DEFAULT_PATIENCE, now)
    if (due.kind === 'later') later.push(due.at)
    else decisions.push(...(await defaultDue(tx, due, { input, plain })))
  }
  return { decisions, lookAt: later.sort((a, b) => a.getTime() - b.getTime())[0] ?? null }
}

/** What is decided of a change that ends now, by what happened to its rollout or because a newer one counts. */
export async function endWith(
  tx: Tx,
  input: Pick<SettleInput, 'change' | 'projects' | 'now'>,
  { reason, kind }: { reason: string; kind: ChangeKind | null }
): Promise<Settled> {
  const { change, projects, now } = input
  const decided = await decidedPolicies(tx, change.id)
  const decisions: NewDecision[] = []
  for (const rule of projects.flatMap((project) => selecting(project, change))) {
    if (decided.has(rule.policy.id)) continue
    if (kind !== null && rule.does.events.includes(kind))
      decisions.push(...(await decideByRule(tx, { ...change, kind }, rule, now)))
    else decisions.push(refusal(change, now, { ...ofRule(rule), reason }))
  }
  const isPlain = projects.length === 0 || projects.some((project) => selecting(project, change).length === 0)
  if (isPlain && !decided.has(null)) decisions.push(refusal(change, now, { reason }))
  return over(decisions)
}

function selecting({ rules }: ProjectRules, change: DecidableChange): Rule[] {
  return rules.filter(({ does }) => selects(does.workloads, change).matched)
}

async function decideDue(
  tx: Tx,
  due: Exclude<Due, { kind: 'later' }>,
  { input, rule }: { input: SettleInput; rule: Rule }
): Promise<NewDecision[]> {
  const { change, now } = input
  if (due.kind === 'now') return decideByRule(tx, change, rule, now)
  const reason = overdue(rule.does)
  return [refusal(change, now, { ...ofRule(rule), reason, outcome: due.outcome })]
}

async function defaultDue(
  tx: Tx,
  due: Exclude<Due, { kind: 'later' }>,
  { input, plain }: { input: SettleInput; plain: readonly ProjectRules[] }
): Promise<NewDecision[]> {
  const { change, now } = input
  if (due.kind === 'overdue') return [refusal(change, now, { reason: overdue(DEFAULT_PATIENCE) })]
  return decideByDefault(tx, change, { projects: plain.map(({ projectId }) => projectId), now })
}

function over(decisions: readonly NewDecision[]): Settled {
  return { decisions, lookAt: null }
}

function overdue({ rollout }: Patience): string {
  const { timeoutSeconds: seconds } = rollout
  const time = seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} s`
  return `The rollout was not healthy within ${time}.`
}

/** Chaos does not trigger chaos. */
function madeByRun({ after }: DecidableChange): string {
  return `${after.run === undefined ? 'A run of Faultline' : `The run ${after.run}`} made this change.`
}

const NOBODY = 'No project has been granted this infrastructure.'
