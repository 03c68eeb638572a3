import {
  changesBetween,
  type EventPolicy,
  type Happening,
  isOpen,
  judgePolicy,
  type PastedChange,
  type PolicyJudgement,
  type Problem,
  pathsOf
} from '../../domain/index.ts'
import { parseDefinition } from '../../manifest/index.ts'
import { AppError } from '../../platform/index.ts'
import { findChange, type Store } from '../../store/index.ts'
import type { Tx } from '../../store/trigger/write.ts'
import { allowedWorkflow } from '../asked.ts'
import { heldBack, OUTSIDE } from '../pace.ts'
import { projectRules, type Rule } from '../rules.ts'
import { readPasted } from './read-pasted.ts'

const MOST_FIELDS = 100
const MOST_POLICIES = 200

export interface Question {
  change:
    | { kind: 'stored'; id: string }
    | { kind: 'pasted'; pasted: PastedChange }
    | { kind: 'told'; happening: Happening }
  /** text of a policy that is not saved; it stands for the saved one of its name */
  policy: string | null
}

/** A policy that is asked about; of one that is not saved there is no id. */
interface Candidate {
  name: string
  id: string | null
  does: EventPolicy
}

/** null: nobody has seen this workload */
type Place = { infrastructureId: string; uid: string } | null

/** What would be decided now about a change, by the functions that decide. Nothing is started, and nothing is kept. */
export async function simulate(
  db: Store['db'],
  projectId: string,
  { question, now }: { question: Question; now: Date }
) {
  const typed = typedPolicy(question.policy)
  const rules = await projectRules(db, projectId)
  const candidates = candidatesOf(rules, typed.candidate)
  const { happening, place } = await changeOf(db, projectId, question.change, candidates)
  const judged = candidates
    .map((candidate) => ({ candidate, judgement: judgePolicy(candidate.does, happening) }))
    .sort((a, b) => Number(b.judgement.selected.matched) - Number(a.judgement.selected.matched))
  const shown = judged.slice(0, MOST_POLICIES)
  const policies = await db.transaction().execute(async (tx) => {
    const answers = []
    for (const one of shown) answers.push(await answerOf(tx, one, { projectId, happening, place, now }))
    return answers
  })
  const { kind, namespace, name } = happening.after
  return {
    workload: { kind, namespace, name },
    infrastructure: happening.infrastructure,
    event: happening.kind,
    changes: changesBetween(happening.before, happening.after).slice(0, MOST_FIELDS),
    policies,
    more: judged.length - shown.length,
    problems: typed.problems
  }
}

function typedPolicy(text: string | null): { candidate: Candidate | null; problems: Problem[] } {
  if (text === null) return { candidate: null, problems: [] }
  const parsed = parseDefinition(text, { catalogue: { faults: [], probes: [] } })
  if (!parsed.ok) return { candidate: null, problems: parsed.problems }
  const { policy, name, kind } = parsed.manifest
  if (policy !== null) return { candidate: { name, id: null, does: policy }, problems: parsed.problems }
  const message = `${name} is a ${kind} and no event policy.`
  return { candidate: null, problems: [{ code: 'manifest/not-a-policy', severity: 'error', message, line: 1 }] }
}

function candidatesOf(rules: readonly Rule[], typed: Candidate | null): Candidate[] {
  const saved = rules.map(({ policy, does }) => ({ ...policy, does }))
  return typed === null ? saved : [typed, ...saved.filter(({ name }) => name !== typed.name)]
}

async function changeOf(
  db: Store['db'],
  projectId: string,
  change: Question['change'],
  candidates: readonly Candidate[]
): Promise<{ happening: Happening; place: Place }> {
  if (change.kind === 'told') return { happening: change.happening, place: null }
  if (change.kind === 'pasted') {
    const paths = [...new Set(candidates.flatMap(({ does }) => pathsOf(does)))]
    return { happening: readPasted(change.pasted, paths), place: null }
  }
  const row = await findChange(db, projectId, change.id)
  if (row === undefined) {
    const message = `There is no change ${change.id} of a workload of this project.`
    throw new AppError({ code: 'trigger/unknown-change', kind: 'missing', message })
  }
  const { infrastructureName: infrastructure, infrastructureId, uid, before, after } = row
  return { happening: { kind: 'changed', infrastructure, before, after }, place: { infrastructureId, uid } }
}

async function answerOf(
  tx: Tx,
  { candidate, judgement }: { candidate: Candidate; judgement: PolicyJudgement },
  where: { projectId: string; happening: Happening; place: Place; now: Date }
) {
  const runs = []
  for (const { workflow, parameters } of judgement.runs)
    runs.push({ workflow, parameters: { ...parameters }, refused: await refusalOf(tx, workflow, where) })
  const { selected, matched } = judgement
  const held = matched?.matched ? await heldBackOf(tx, candidate, where) : null
  return {
    name: candidate.name,
    saved: candidate.id !== null,
    selected: { matched: selected.matched, reasons: [...selected.reasons] },
    matched: matched && { matched: matched.matched, reasons: [...matched.reasons] },
    runs,
    heldBack: held
  }
}

/** Of a policy that is not saved only its windows are known; of a workload that nobody has seen no run. */
function heldBackOf(tx: Tx, { id, name, does }: Candidate, { projectId, place, now }: Parameters<typeof answerOf>[2]) {
  if (id === null) return isOpen(does.windows, now) ? null : OUTSIDE
  const workload = place ?? { infrastructureId: '', uid: '' }
  return heldBack(tx, { projectId, policy: { id, name }, does }, { workload, now })
}

async function refusalOf(
  tx: Tx,
  workflow: string,
  { projectId, happening }: { projectId: string; happening: Happening }
): Promise<string | null> {
  const found = await allowedWorkflow(tx, { projectId, workflow, namespace: happening.after.namespace })
  return found.ok ? null : found.reason
}
