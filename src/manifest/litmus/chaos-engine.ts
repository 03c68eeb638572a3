import {
  type FaultCall,
  type FaultCatalogue,
  inputProblems,
  PROBE_MODES,
  type ProbeMode,
  type ProbeSchema,
  type ProbeSpec
} from '../../domain/index.ts'
import { durationMs } from '../duration.ts'
import type { NodeReader } from '../node-reader.ts'
import { checkTunables } from '../tunables.ts'
import { OPERATOR_FAULTS } from './operator-faults.ts'
import { checkReferences } from './probe-reference.ts'

export const CHAOS_API = 'litmuschaos.io/v1alpha1'
const DEFAULT_WEIGHT = 10
const DEFAULT_TIMEOUT_MS = 5000
const DEFAULT_INTERVAL_MS = 1000

export interface EngineContext {
  catalogue: FaultCatalogue
  /** its name where the engine has none */
  template: string
  weight: number
  /** a run is being made of it */
  compiling: boolean
}

/** Litmus' ChaosEngine (litmuschaos.io/v1alpha1) as a fault call; undefined, with problems, where it does not fit. */
export function readChaosEngine(engine: NodeReader, context: EngineContext): FaultCall | undefined {
  const apiVersion = engine.at('apiVersion').text()
  if (apiVersion !== undefined && apiVersion !== CHAOS_API)
    engine.at('apiVersion').problem('manifest/api-version', `A ChaosEngine has apiVersion ${CHAOS_API}.`)
  const name =
    engine.at('metadata').at('name').text() ?? engine.at('metadata').at('generateName').text() ?? context.template
  const fault = readEngineSpec(engine.at('spec'), { ...context, name })
  checkReferences(engine, fault?.probes ?? [], context)
  return fault
}

/** The spec of an engine, as a ChaosSchedule has one too. */
export function readEngineSpec(
  spec: NodeReader,
  context: Omit<EngineContext, 'compiling'> & { name: string }
): FaultCall | undefined {
  if (spec.at('engineState').text() === 'stop')
    spec.at('engineState').problem('manifest/engine-state', 'engineState is stop; it is run all the same.', 'warning')
  const entries = spec.at('experiments').items()
  const [entry] = entries
  if (entry === undefined || entries.length > 1) {
    spec.at('experiments').problem('manifest/faults', `The engine ${context.name} must name exactly one fault.`)
    return undefined
  }
  const fault = entry.at('name').required('The name of the fault')
  if (fault === undefined) return undefined
  const schema = knownFault(entry.at('name'), fault, context.catalogue)
  const env = entry.at('spec').at('components').at('env')
  const tunables = readEnv(env)
  if (schema !== undefined) checkTunables(env, tunables, schema)
  const probes = entry
    .at('spec')
    .at('probe')
    .items()
    .flatMap((probe) => readProbe(probe, context.catalogue) ?? [])
  const appinfo = spec.at('appinfo')
  const target = schema?.harms === 'nodes' && namesNobody(appinfo) ? NO_WORKLOAD : readTarget(appinfo)
  if (target === undefined) return undefined
  return { engine: context.name, fault, target, tunables, probes, weight: context.weight }
}

/** Label `weight` of what makes the engine: its share in the score. */
export function readWeight(labels: NodeReader): number {
  const label = labels.at('weight')
  const weight = label.missing ? DEFAULT_WEIGHT : Number(label.text())
  if (!Number.isInteger(weight) || weight < 0 || weight > 1000)
    label.problem('manifest/weight', 'A weight is a whole number from 0 to 1000.')
  return weight
}

function knownFault(at: NodeReader, fault: string, catalogue: FaultCatalogue) {
  const schema = catalogue.faults.find((known) => known.name === fault)
  const names = catalogue.faults.map((known) => known.name)
  const message = `The built-in engine has no fault ${fault}. It has: ${names.join(', ')}.`
  if (schema === undefined && OPERATOR_FAULTS.has(fault))
    at.beyond('manifest/unknown-fault', `${message} Litmus' operator has it, on Argo Workflows.`)
  else if (schema === undefined && at.engine !== 'argo') at.problem('manifest/unknown-fault', message)
  return schema
}

/** A fault on nodes may name its node in its tunables instead, as Litmus' own files do. */
const NO_WORKLOAD: FaultCall['target'] = { namespace: '', kind: 'node', labels: {} }

function namesNobody(appinfo: NodeReader): boolean {
  return ['appns', 'applabel'].every((key) => (appinfo.at(key).text() ?? '') === '')
}

function readTarget(appinfo: NodeReader): FaultCall['target'] | undefined {
  const namespace = appinfo.at('appns').required('The namespace of the target (appns)')
  const kind = appinfo.at('appkind').text() ?? 'deployment'
  const label = appinfo.at('applabel').required('The label of the target (applabel)')
  if (namespace === undefined || label === undefined) return undefined
  const labels: Record<string, string> = {}
  for (const pair of label.split(',')) {
    const [key = '', value = '', ...rest] = pair.split('=').map((part) => part.trim())
    if (key === '' || rest.length > 0) {
      appinfo.at('applabel').problem('manifest/label', `"${label}" is not a list of labels like app=cart,tier=web.`)
      return undefined
    }
    labels[key] = value
  }
  return { namespace, kind, labels }
}

function readEnv(env: NodeReader): Record<string, string> {
  const values: Record<string, string> = {}
  for (const item of env.items()) {
    const name = item.at('name').required('The name of the variable')
    if (name !== undefined) values[name] = item.at('value').text() ?? ''
  }
  return values
}

function readProbe(probe: NodeReader, catalogue: FaultCatalogue): ProbeSpec | undefined {
  const name = probe.at('name').required('The name of the probe')
  const type = probe.at('type').required('The type of the probe')
  const mode = probe.at('mode').text() ?? 'SOT'
  if (name === undefined || type === undefined) return undefined
  const known = catalogue.probes.find((schema) => schema.type === type)
  if (known === undefined && probe.engine !== 'argo') {
    const types = catalogue.probes.map((schema) => schema.type).join(', ')
    probe.at('type').problem('manifest/unknown-probe', `There is no probe ${type}. There are: ${types}.`)
    return undefined
  }
  if (!(PROBE_MODES as readonly string[]).includes(mode)) {
    probe.at('mode').problem('manifest/probe-mode', `There is no mode ${mode}. There are: ${PROBE_MODES.join(', ')}.`)
    return undefined
  }
  return {
    name,
    type,
    mode: mode as ProbeMode,
    runProperties: readRunProperties(probe.at('runProperties')),
    inputs:
      known === undefined || probe.engine === 'argo' ? inputsAsWritten(probe, type) : readInputs(probe, known, name)
  }
}

/** On Argo they are Litmus' own. */
function inputsAsWritten(probe: NodeReader, type: string): Record<string, unknown> {
  const at = probe.at(`${type}/inputs`)
  return at.isMap ? (at.value as Record<string, unknown>) : {}
}

function readInputs(probe: NodeReader, schema: ProbeSchema, name: string): Record<string, unknown> {
  const at = probe.at(`${schema.type}/inputs`)
  if (!at.isMap) {
    probe.problem('manifest/probe-inputs', `Probe ${name} has no ${schema.type}/inputs.`)
    return {}
  }
  const beside = schema.inputs.filter((input) => input.beside).map(({ path }) => path)
  const written = beside.filter((path) => !probe.at(path).missing).map((path) => [path, probe.at(path).value])
  const inputs = { ...(at.value as Record<string, unknown>), ...Object.fromEntries(written) }
  for (const { path, message, severity } of inputProblems(schema, inputs, (text) => text.includes('{{'))) {
    const from = beside.includes(path[0] ?? '') ? probe : at
    const place = path.reduce((reader, key) => reader.at(key), from)
    place.problem('manifest/probe-inputs', `${schema.type}: ${message}.`, severity)
  }
  return inputs
}

/** Numbers are seconds, as in Litmus before 3; texts carry their unit. */
function readRunProperties(run: NodeReader): ProbeSpec['runProperties'] {
  const ms = (keys: readonly string[], otherwise: number) => {
    const at = keys.map((key) => run.at(key)).find((candidate) => !candidate.missing)
    if (at === undefined) return otherwise
    const value = durationMs(at.value)
    if (value === null) at.problem('manifest/duration', 'This is not a duration; write 5s, 500ms or 1m.')
    return value ?? otherwise
  }
  const attempt = run.at('attempt').missing ? run.at('retry') : run.at('attempt')
  const attempts = attempt.missing ? 1 : Number(attempt.text())
  if (!Number.isInteger(attempts) || attempts < 0 || attempts > 100)
    attempt.problem('manifest/invalid', 'This must be a whole number from 0 to 100.')
  return {
    timeoutMs: ms(['probeTimeout'], DEFAULT_TIMEOUT_MS),
    intervalMs: ms(['probePollingInterval', 'interval'], DEFAULT_INTERVAL_MS),
    attempts: Math.max(1, Number.isInteger(attempts) ? attempts : 1),
    initialDelayMs: ms(['initialDelay', 'initialDelaySeconds'], 0),
    stopOnFailure: run.at('stopOnFailure').value === true || run.at('stopOnFailure').value === 'true'
  }
}
