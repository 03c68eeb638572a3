import type { Schedule, ScheduleRules } from '../../domain/index.ts'
import { type KindReader, withoutTokens } from '../kind.ts'
import type { NodeReader } from '../node-reader.ts'
import { readConcurrency } from '../schedule/concurrency.ts'
import { readInstant } from '../schedule/instant.ts'
import { CHAOS_API, readEngineSpec, readWeight } from './chaos-engine.ts'
import { oneStep } from './engine-file.ts'
import { readRepeat } from './repeat.ts'

/** Litmus' ChaosSchedule: one ChaosEngine, started by the clock. All its times are UTC. */
export const CHAOS_SCHEDULE: KindReader = {
  kind: 'ChaosSchedule',
  apiVersion: CHAOS_API,
  read: (reading) => {
    const root = withoutTokens(reading)
    const { catalogue, name } = reading
    const spec = root.at('spec')
    const weight = readWeight(root.at('metadata').at('labels'))
    const fault = readEngineSpec(spec.at('engineTemplateSpec'), { catalogue, template: name, name, weight })
    return { ...oneStep(fault), schedule: readRules(spec), policy: null, labels: {} }
  }
}

/** Litmus knows no other policy than Forbid, and makes up no start that was missed. */
function readRules(spec: NodeReader): ScheduleRules {
  return {
    schedule: readSchedule(spec.at('schedule')),
    concurrency: readConcurrency(spec.at('concurrencyPolicy'), 'Forbid'),
    startingDeadlineSeconds: 0,
    held: readState(spec.at('scheduleState'))
  }
}

const STATES = ['active', 'halt', 'stop', 'complete']

function readState(at: NodeReader): string | null {
  const state = at.text() || 'active'
  if (!STATES.includes(state))
    at.problem('manifest/schedule', `There is no state ${state}. There are: ${STATES.join(', ')}.`)
  return state === 'active' ? null : `spec.scheduleState is ${state}`
}

function readSchedule(schedule: NodeReader): Schedule {
  const ways = [schedule.at('now').text() === 'true' && 'now', given(schedule, 'once'), given(schedule, 'repeat')]
  const [way, second] = ways.filter((one) => typeof one === 'string')
  if (way === undefined || second !== undefined) {
    schedule.problem('manifest/schedule', 'spec.schedule has one of now: true, once or repeat.')
    return { kind: 'on-activation' }
  }
  if (way === 'once') return readOnce(schedule.at('once').at('executionTime'))
  return way === 'repeat' ? readRepeat(schedule.at('repeat')) : { kind: 'on-activation' }
}

function given(schedule: NodeReader, key: string): string | false {
  return schedule.at(key).missing ? false : key
}

function readOnce(at: NodeReader): Schedule {
  const instant = readInstant(at)
  if (instant === undefined && at.missing) at.required('spec.schedule.once.executionTime')
  return { kind: 'once', at: instant ?? new Date(0).toISOString() }
}
