import { ENGINE_POD, ENGINE_WORKFLOW, textAt, textsAt, treesAt } from '../../domain/index.ts'

/** Of a ChaosEngine of Litmus' operator what is followed. */
export interface SeenEngine {
  uid: string
  namespace: string
  name: string
  /** the Workflow that made it */
  workflow: string
  /** the pod of the step that made it */
  pod: string
  /** active, stop */
  state: string
  /** initialized, completed, stopped */
  status: string
  /** RFC 3339 */
  createdAt: string
}

/** Of a ChaosResult. */
export interface SeenResult {
  namespace: string
  /** the name of its ChaosEngine, and the uid of the one that wrote it last; `''`: not said */
  engine: string
  engineUid: string
  fault: string
  /** Running, Completed, Stopped, Error */
  phase: string
  /** Awaited, Pass, Fail, Stopped, Error */
  verdict: string
  /** why, where it says so */
  reason: string
  /** as it says itself: a percentage, `''` or Awaited */
  probeSuccess: string
  probes: readonly SeenProbe[]
  /** what it has harmed; injected, reverted, deleted, targeted… */
  targets: readonly { name: string; kind: string; status: string }[]
}

export interface SeenProbe {
  name: string
  type: string
  mode: string
  /** Passed, Failed, N/A, Awaited */
  verdict: string
  description: string
}

const LONGEST_TEXT = 1000
const MOST_ITEMS = 200

export function seenEngine(object: unknown): SeenEngine {
  return {
    uid: text(object, 'metadata', 'uid'),
    namespace: text(object, 'metadata', 'namespace'),
    name: text(object, 'metadata', 'name'),
    workflow: textsAt(object, 'metadata', 'labels')[ENGINE_WORKFLOW] ?? '',
    pod: textsAt(object, 'metadata', 'annotations')[ENGINE_POD] ?? '',
    state: text(object, 'spec', 'engineState'),
    status: text(object, 'status', 'engineStatus'),
    createdAt: text(object, 'metadata', 'creationTimestamp')
  }
}

/** Its operator, or what it did, says that nothing is going on any more. */
export function engineIsOver({ status }: Pick<SeenEngine, 'status'>): boolean {
  return status === 'completed' || status === 'stopped'
}

export function seenResult(object: unknown): SeenResult {
  const status = ['status', 'experimentStatus']
  const probes = treesAt(object, 'status', 'probeStatuses').slice(0, MOST_ITEMS)
  const targets = treesAt(object, 'status', 'history', 'targets').slice(0, MOST_ITEMS)
  return {
    namespace: text(object, 'metadata', 'namespace'),
    engine: text(object, 'spec', 'engine'),
    engineUid: textsAt(object, 'metadata', 'labels').chaosUID ?? '',
    fault: text(object, 'spec', 'experiment'),
    phase: text(object, ...status, 'phase'),
    verdict: text(object, ...status, 'verdict'),
    reason: text(object, ...status, 'errorOutput', 'reason') || text(object, ...status, 'failStep'),
    probeSuccess: text(object, ...status, 'probeSuccessPercentage'),
    probes: probes.map((probe) => ({
      name: text(probe, 'name'),
      type: text(probe, 'type'),
      mode: text(probe, 'mode'),
      verdict: text(probe, 'status', 'verdict'),
      description: text(probe, 'status', 'description')
    })),
    targets: targets.map((target) => ({
      name: text(target, 'name'),
      kind: text(target, 'kind'),
      status: text(target, 'chaosStatus')
    }))
  }
}

/** It has come to its verdict. */
export function isJudged({ phase, verdict }: SeenResult): boolean {
  return phase !== 'Running' && verdict !== 'Awaited' && verdict !== ''
}

function text(value: unknown, ...keys: string[]): string {
  return (textAt(value, ...keys) ?? '').slice(0, LONGEST_TEXT)
}
