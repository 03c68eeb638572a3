import type { ScheduleRules } from '../domain/index.ts'
import { type KindReader, withoutTokens } from './kind.ts'
import type { NodeReader } from './node-reader.ts'
import { readConcurrency } from './schedule/concurrency.ts'
import { isTimezone, readCron } from './schedule/cron.ts'
import { ARGO_API, readWorkflowSpec } from './workflow.ts'

/** Argo's CronWorkflow: the steps of its `workflowSpec`, started by the clock. */
export const CRON_WORKFLOW: KindReader = {
  kind: 'CronWorkflow',
  apiVersion: ARGO_API,
  read: (reading) => {
    const spec = reading.root.at('spec')
    return {
      ...readWorkflowSpec(reading, spec.at('workflowSpec')),
      schedule: readSchedule(withoutTokens(reading).at('spec')),
      policy: null,
      labels: spec.at('workflowMetadata').at('labels').texts()
    }
  }
}

/** They decide whether something starts; leaving them out would start more than the file says. */
const REFUSED = ['when', 'stopStrategy']

function readSchedule(spec: NodeReader): ScheduleRules {
  for (const key of REFUSED)
    if (!spec.at(key).missing)
      spec
        .at(key)
        .problem('manifest/unsupported', `The schedule uses ${key}, which is not read here; Argo Workflows does.`)
  return {
    schedule: {
      kind: 'cron',
      crons: readCrons(spec),
      timezone: readTimezone(spec.at('timezone')),
      from: null,
      until: null
    },
    concurrency: readConcurrency(spec.at('concurrencyPolicy'), 'Allow'),
    startingDeadlineSeconds: readDeadline(spec.at('startingDeadlineSeconds')),
    held: spec.at('suspend').text() === 'true' ? 'spec.suspend is true' : null
  }
}

/** `schedule`, or the list `schedules` of newer releases of Argo. */
function readCrons(spec: NodeReader): string[] {
  const one = spec.at('schedule')
  const many = spec.at('schedules')
  if (!one.missing && !many.missing) many.problem('manifest/schedule', 'Give either schedule or schedules, not both.')
  const texts = one.missing ? many.items() : [one]
  if (texts.length === 0)
    one.problem('manifest/schedule', 'spec.schedule is missing: a cron, for example "0 9 * * 1-5".')
  if (texts.length > MOST_CRONS) many.problem('manifest/schedule', `At most ${MOST_CRONS} schedules are read.`)
  const crons = texts.slice(0, MOST_CRONS).flatMap((at) => {
    const text = at.text()
    if (text === undefined) return []
    const read = readCron(text)
    if (read.ok) return [read.cron]
    at.problem('manifest/schedule', read.reason)
    return []
  })
  return [...new Set(crons)]
}

const MOST_CRONS = 20

function readTimezone(at: NodeReader): string {
  const name = at.text() || 'UTC'
  if (isTimezone(name)) return name
  at.problem('manifest/timezone', `"${name}" is no time zone; write an IANA name, for example Europe/Berlin.`)
  return 'UTC'
}

function readDeadline(at: NodeReader): number {
  if (at.missing) return 0
  const seconds = Number(at.text())
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST_SECONDS) return seconds
  at.problem('manifest/invalid', `This must be a whole number of seconds, at most ${MOST_SECONDS}.`)
  return 0
}

/** 30 days */
const MOST_SECONDS = 2_592_000
