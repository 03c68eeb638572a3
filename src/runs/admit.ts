import {
  commandIn,
  type FaultCatalogue,
  type Guardrails,
  guardrailProblems,
  nodesProblem,
  type Problem,
  placeNamed,
  type RunPlan
} from '../domain/index.ts'
import { compileDefinition, parseDefinition } from '../manifest/index.ts'
import type { GrantedInfrastructure, RunnableDefinition } from '../store/index.ts'

export interface AdmissionInput {
  definition: RunnableDefinition | undefined
  parameters: Record<string, string>
  /** asked for by the request; null = as label or default say */
  infrastructureId: string | null
  infrastructures: readonly GrantedInfrastructure[]
  guardrails: Guardrails
  catalogue: FaultCatalogue
  /** why automatic runs are suspended; null = they are not, or the request is not automatic */
  suspended: string | null
}

export type Admission =
  | { kind: 'run'; definition: RunnableDefinition; plan: RunPlan; infrastructureId: string }
  | { kind: 'refuse'; reason: string }
  | { kind: 'drop'; reason: string }

/** Whether a run request becomes a run, and what it will do. Pure. */
export function admit(input: AdmissionInput): Admission {
  const { definition, catalogue, parameters } = input
  if (definition === undefined) return { kind: 'drop', reason: 'The workflow was deleted.' }
  if (input.suspended !== null) return { kind: 'drop', reason: `Automatic runs are suspended: ${input.suspended}` }
  const place = placeOf(input, definition)
  if (typeof place === 'string') return { kind: 'refuse', reason: place }
  const { engine } = place
  const argo = engine.kind === 'argo' && { argo: { namespace: engine.namespace, instance: engine.instance } }
  const compiled = compileDefinition(definition.text, { catalogue, path: definition.path, parameters, ...argo })
  if (!compiled.ok) return { kind: 'refuse', reason: sentence('It cannot run', compiled.problems) }
  const forbidden = guardrailProblems(compiled.plan, input.guardrails)
  if (forbidden.length > 0) return { kind: 'refuse', reason: sentence('A guardrail forbids it', forbidden) }
  const commands = commandsReason(compiled.plan, catalogue, place)
  if (commands !== null) return { kind: 'refuse', reason: commands }
  const nodes = nodesProblem(compiled.plan, catalogue.faults, place)
  if (nodes !== null) return { kind: 'refuse', reason: nodes }
  return { kind: 'run', definition, plan: compiled.plan, infrastructureId: place.id }
}

/** Why the plan's probes may not run their commands there; null = they may, or there are none. */
function commandsReason(plan: RunPlan, catalogue: FaultCatalogue, place: GrantedInfrastructure): string | null {
  if (place.allowCommands) return null
  const probes = plan.steps.flatMap(({ action }) => (action.kind === 'fault' ? action.fault.probes : []))
  for (const { name, type, inputs } of probes) {
    const schema = catalogue.probes.find((probe) => probe.type === type)
    const command = schema === undefined ? null : commandIn(schema, inputs)
    if (command !== null)
      return `Probe ${name} ${command}, which infrastructure ${place.name} does not allow. Whoever runs its agent can start it with --allow-commands.`
  }
  return null
}

/** The manifest's label (a name, an old name or an id), else what the request says, else the project's default, else the only one. */
function placeOf(input: AdmissionInput, definition: RunnableDefinition): GrantedInfrastructure | string {
  const { infrastructures } = input
  const names = infrastructures.map((place) => place.name).join(', ') || 'none is connected'
  const parsed = parseDefinition(definition.text, { catalogue: input.catalogue, path: definition.path })
  const wanted = (parsed.ok ? parsed.manifest.infrastructure : null) ?? input.infrastructureId
  if (wanted !== null) {
    const found = placeNamed(infrastructures, wanted)
    return found ?? `Infrastructure ${wanted} is not one of the project's (${names}).`
  }
  const fallback =
    infrastructures.find((place) => place.isDefault) ?? (infrastructures.length === 1 ? infrastructures[0] : undefined)
  return fallback ?? `It is not said where to run: give an infrastructure (${names}).`
}

function sentence(what: string, problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error')
  return `${what}: ${errors.map((problem) => problem.message + (problem.line === undefined ? '' : ` (line ${problem.line})`)).join('; ')}`
}
