import { CHANGE_KINDS, type EventPolicy, type PolicyRun, type WorkloadSelector } from '../../domain/index.ts'
import { type KindReader, withoutTokens } from '../kind.ts'
import type { NodeReader } from '../node-reader.ts'
import { readCondition } from './condition.ts'
import { readLimit, readRollout, readSeconds } from './pacing.ts'
import { POLICY_KEYS } from './policy-keys.ts'
import { readWindows } from './window.ts'
import { onlyKeys, words } from './words.ts'

/** Faultline's own kind: which changes of which workloads start which workflows, and when. */
export const EVENT_POLICY: KindReader = {
  kind: 'EventPolicy',
  apiVersion: 'faultline.dev/v1',
  read: (reading) => {
    const spec = withoutTokens(reading).at('spec')
    return { parameters: [], steps: [], deadlineSeconds: null, schedule: null, policy: readPolicy(spec), labels: {} }
  }
}

function readPolicy(spec: NodeReader): EventPolicy {
  onlyKeys(spec, POLICY_KEYS.spec)
  // not `on`: YAML 1.1, which tools of Kubernetes read, takes that for true
  const events = spec.at('events')
  return {
    workloads: readWorkloads(spec.at('workloads')),
    events: events.missing ? ['changed'] : words(events, CHANGE_KINDS),
    when: readCondition(spec.at('when')),
    rollout: readRollout(spec.at('rollout')),
    debounceSeconds: readSeconds(spec.at('debounce'), 0),
    cooldownSeconds: readSeconds(spec.at('cooldown'), 0),
    limit: readLimit(spec.at('limit')),
    windows: readWindows(spec.at('windows')),
    run: readRuns(spec.at('run'))
  }
}

function readWorkloads(at: NodeReader): WorkloadSelector {
  onlyKeys(at, POLICY_KEYS.workloads)
  if (at.missing)
    at.problem(
      'manifest/policy',
      'spec.workloads is missing: say which workloads it is for; "workloads: {}" means all.'
    )
  return {
    infrastructures: texts(at.at('infrastructures')),
    namespaces: texts(at.at('namespaces')),
    kinds: texts(at.at('kinds')),
    names: texts(at.at('names')),
    labels: at.at('labels').texts(),
    annotated: at.at('annotated').text() === 'true'
  }
}

function readRuns(list: NodeReader): PolicyRun[] {
  return list.items().flatMap((item) => {
    onlyKeys(item, POLICY_KEYS.run)
    const workflow = item.at('workflow').required('The name of the workflow')
    return workflow === undefined ? [] : [{ workflow, parameters: item.at('parameters').texts() }]
  })
}

function texts(list: NodeReader): string[] {
  return list.items().flatMap((item) => item.required('The pattern') ?? [])
}
