import {
  commandIn,
  type FaultCall,
  type FaultSchema,
  namespaceProblem,
  type ProbeSpec,
  type Problem
} from '../domain/index.ts'
import { toAppError } from '../platform/index.ts'
import type { FaultPlan } from './fault.ts'
import type { Scene } from './parts.ts'
import type { ProbeCheck, ProbeWorld } from './probe.ts'
import { outOfReach, selectorText } from './target.ts'
import { within } from './within.ts'

const LOOK_MS = 15_000
const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets']

export interface ReadyProbe {
  spec: ProbeSpec
  check: (world: ProbeWorld) => Promise<ProbeCheck>
}

export type Prepared = { ok: true; plan: FaultPlan; probes: ReadyProbe[] } | { ok: false; reason: string }

/** Everything that can be known before any harm: fault, tunables, guardrails, target, probes. Never rejects. */
export async function prepare(scene: Scene, call: FaultCall): Promise<Prepared> {
  const { faults, target } = scene.parts
  const fault = faults.find(({ schema }) => schema.name === call.fault)
  if (fault === undefined) return refused(`the fault ${call.fault} is unknown here; known: ${namesOf(faults)}`)
  const missing = fault.needs.find((part) => target[part] === null)
  if (missing !== undefined)
    return refused(`the fault ${call.fault} cannot be done here: ${outOfReach(target, missing)}`)
  if (fault.schema.infrastructures[target.kind] === undefined)
    return refused(`the fault ${call.fault} is not supported on ${target.kind} infrastructures`)
  const parsed = fault.parse(call.tunables)
  if (!parsed.ok) return refused(textOf(parsed.problems))
  const nodes = fault.schema.harms === 'nodes'
  if (nodes && scene.task.guardrails.nodeFaults !== true)
    return refused(`the fault ${call.fault} harms whole nodes, which this infrastructure does not allow`)
  const guarded = guardrailReason(scene, call, parsed.plan)
  if (guarded !== null) return refused(guarded)
  const probes = readProbes(scene, call)
  if (typeof probes === 'string') return refused(probes)
  const unknown = nodes && namesNone(call) ? null : await targetReason(scene, call)
  if (unknown !== null) return refused(unknown)
  const lacking = await lackingReason(scene, call, fault.schema)
  return lacking === null ? { ok: true, plan: parsed.plan, probes } : refused(lacking)
}

/** Asked before any harm: half of a harm may be allowed, and its undoing not. */
async function lackingReason(
  { parts, signal }: Scene,
  { target }: FaultCall,
  { rights = [], harms }: FaultSchema
): Promise<string | null> {
  const { cluster } = parts.target
  const needed = rights.filter(({ resource }) => isFor(resource, target.kind))
  if (cluster === null || needed.length === 0) return null
  const limit = { clock: parts.clock, ms: LOOK_MS, signal, what: 'asking for the rights of the account' }
  const place = harms === 'nodes' ? null : target.namespace
  return within(limit, () => cluster.lacking(needed, place)).catch((error: unknown) => toAppError(error).message)
}

/** A fault on several kinds of workloads needs, of what it may do to them, that of the target's kind. */
function isFor(resource: string, kind: string): boolean {
  const [of = ''] = resource.split('/')
  return !WORKLOADS.includes(of) || of === `${kind.toLowerCase()}s`
}

function guardrailReason({ task }: Scene, { target }: FaultCall, plan: FaultPlan): string | null {
  const { guardrails } = task
  const namespace = target.namespace === '' ? null : namespaceProblem(target.namespace, guardrails)
  if (namespace !== null) return namespace
  if (plan.durationMs <= guardrails.maxDurationSeconds * 1000) return null
  return `the fault lasts ${plan.durationMs / 1000} s, the guardrail allows ${guardrails.maxDurationSeconds} s`
}

/** A fault on nodes may name its node instead of a workload. */
function namesNone({ target: { namespace, labels } }: FaultCall): boolean {
  return namespace === '' || Object.keys(labels).length === 0
}

function readProbes(scene: Scene, { probes }: FaultCall): ReadyProbe[] | string {
  const ready: ReadyProbe[] = []
  for (const spec of probes) {
    const read = readProbe(scene, spec)
    if (typeof read === 'string') return `probe ${spec.name}: ${read}`
    ready.push(read)
  }
  return ready
}

function readProbe({ parts, task }: Scene, spec: ProbeSpec): ReadyProbe | string {
  const { kind, allowsCommands } = parts.target
  const probe = parts.probes.find(({ schema }) => schema.type === spec.type)
  if (probe?.schema.infrastructures[kind] === undefined) return `no ${kind} infrastructure makes a ${spec.type}`
  const command = commandIn(probe.schema, spec.inputs)
  if (command !== null && !allowsCommands) return `a ${spec.type} ${command}, which this infrastructure does not allow`
  const parsed = probe.parse(spec.inputs)
  if (!parsed.ok) return textOf(parsed.problems)
  const guarded = parsed.changes === null ? null : namespaceProblem(parsed.changes, task.guardrails)
  return guarded ?? { spec, check: parsed.check }
}

async function targetReason({ parts, signal }: Scene, { target: selector }: FaultCall): Promise<string | null> {
  const limit = { clock: parts.clock, ms: LOOK_MS, signal, what: 'looking for the target' }
  try {
    const found = await within(limit, () => parts.target.workloads(selector))
    return found.length > 0 ? null : `unknown target: no workload matches ${selectorText(selector)}`
  } catch (error) {
    return toAppError(error).message
  }
}

function namesOf(faults: readonly { schema: { name: string } }[]): string {
  return faults.map(({ schema }) => schema.name).join(', ')
}

function textOf(problems: readonly Problem[]): string {
  return problems.map(({ message }) => message).join('; ')
}

function refused(reason: string): Prepared {
  return { ok: false, reason }
}
