import { createHash } from 'node:crypto'
import type { SimulateBody, SimulatedPolicy, Simulation } from '../contract/index.ts'
import {
  type ChangeKind,
  changeSentence,
  changesBetween,
  type EventPolicy,
  type FieldChange,
  judgePolicy,
  type PastedChange,
  type Problem,
  pathsOf,
  workloadLabel
} from '../domain/index.ts'
import { parseDefinition, readPastedChange } from '../manifest/index.ts'
import { AppError } from '../platform/index.ts'
import { at } from './run-follow.ts'
import type { ServerClient } from './server-client.ts'
import { printProblem, readManifest } from './validate.ts'

export interface TestWish {
  /** of the policy; `-` is standard input */
  file: string
  /** files: the workload as it was, and as it is */
  before: string
  after: string
  kind: ChangeKind
  infrastructure: string
}

type Judged = Pick<SimulatedPolicy, 'selected' | 'matched'> & {
  runs: readonly Omit<SimulatedPolicy['runs'][number], 'refused'>[]
}

export interface Tested {
  matched: boolean
  policy: string
  workload: string
  changes: readonly FieldChange[]
  selected: Judged['selected']
  condition: Judged['matched']
  runs: Judged['runs']
}

/** `faultline policy test`: one policy, one change, by the same functions as the server; without one. */
export async function testPolicy({ file, before, after, ...where }: TestWish): Promise<Tested> {
  const { name, policy } = policyIn(await readManifest(file), file)
  const pasted = { ...where, before: await readManifest(before), after: await readManifest(after) }
  const happening = happeningOf(pasted, { policy, files: { before, after } })
  const { selected, matched, runs } = judgePolicy(policy, happening)
  return {
    matched: matched?.matched === true,
    policy: name,
    workload: workloadLabel(happening.after),
    changes: changesBetween(happening.before, happening.after),
    selected: { ...selected, reasons: [...selected.reasons] },
    condition: matched && { ...matched, reasons: [...matched.reasons] },
    runs: runs.map(({ workflow, parameters }) => ({ workflow, parameters: { ...parameters } }))
  }
}

/** Whether it matches, and why; then what changed, and what would be run. */
export function printTested({ matched, policy, workload, changes, ...judged }: Tested): string {
  return [
    `${policy}: ${matched ? 'matches' : 'does not match'}`,
    ...reasonLines({ selected: judged.selected, matched: judged.condition, runs: judged.runs }),
    ...changeLines(workload, changes)
  ].join('\n')
}

export interface SimulateWish {
  project: string
  pasted: [string, string] | null
  stored?: string
  policy?: string
  event: ChangeKind
  infrastructure?: string
}

/** `faultline policy simulate`: all policies of a project, as the server would judge them now. */
export async function simulate(wish: SimulateWish, client: ServerClient): Promise<Simulation> {
  const { project, pasted, stored, policy, event, infrastructure } = wish
  const body: SimulateBody = {
    ...(stored !== undefined && { change: stored }),
    ...(pasted !== null && { event, manifests: await manifestsOf(pasted) }),
    ...(pasted !== null && infrastructure !== undefined && { infrastructure }),
    ...(policy !== undefined && { policy: await readManifest(policy) })
  }
  const simulation = await client.post<Simulation>(`${at(project)}/policies/simulate`, body)
  const errors = simulation.problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw notRead(policy ?? 'the policy', errors)
  return simulation
}

export function printSimulation({ workload, changes, policies, more }: Simulation): string {
  const rows = policies.flatMap((policy) => [
    `${policy.name}${policy.saved ? '' : ' (not saved)'}: ${outcomeOf(policy)}`,
    ...reasonLines(policy),
    ...(policy.heldBack === null ? [] : [`  held back: ${policy.heldBack}`]),
    ...policy.runs.flatMap(({ workflow, refused }) => (refused === null ? [] : [`  not ${workflow}: ${refused}`]))
  ])
  const rest = more === 0 ? [] : [`and ${more} more`]
  const none = policies.length === 0 ? ['The project has no event policy.'] : []
  return [...none, ...rows, ...rest, ...changeLines(workloadLabel(workload), changes)].join('\n')
}

function outcomeOf({ matched, heldBack, runs }: SimulatedPolicy): string {
  if (matched?.matched !== true) return 'does not match'
  return heldBack === null && runs.some(({ refused }) => refused === null)
    ? 'would start a run'
    : 'matches, starts nothing'
}

function reasonLines({ selected, matched, runs }: Judged): string[] {
  const reasons = [...selected.reasons, ...(matched?.reasons ?? [])]
  const started = runs.map(({ workflow, parameters }) => {
    const given = Object.entries(parameters).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
    return `  runs ${workflow}${given.join('')}`
  })
  return [...reasons.map((reason) => `  ${reason}`), ...started]
}

function changeLines(workload: string, changes: readonly FieldChange[]): string[] {
  if (changes.length === 0) return [`Nothing that policies look at changed in ${workload}.`]
  return ['What changed:', ...changes.map((change) => `  ${changeSentence(workload, change)}`)]
}

async function manifestsOf([before, after]: [string, string]): Promise<{ before: string; after: string }> {
  return { before: await readManifest(before), after: await readManifest(after) }
}

function policyIn(text: string, file: string): { name: string; policy: EventPolicy } {
  const parsed = parseDefinition(text, { catalogue: { faults: [], probes: [] }, ...(file !== '-' && { path: file }) })
  if (!parsed.ok) throw notRead(file, parsed.problems)
  const { name, kind, policy } = parsed.manifest
  if (policy !== null) return { name, policy }
  throw new AppError({ code: 'main/no-policy', kind: 'invalid', message: `${file} is a ${kind} and no event policy.` })
}

function happeningOf(
  pasted: PastedChange,
  { policy, files }: { policy: EventPolicy; files: Record<'before' | 'after', string> }
) {
  const result = readPastedChange(pasted, { paths: pathsOf(policy), hash })
  if (result.ok) return result.happening
  throw notRead(files[result.side], result.problems)
}

function notRead(file: string, problems: readonly Problem[]): AppError {
  const message = problems.map((problem) => printProblem(file, problem, 'text')).join('\n')
  return new AppError({ code: 'main/not-valid', kind: 'invalid', message })
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
