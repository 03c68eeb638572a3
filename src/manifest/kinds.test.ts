import { describe, expect, it } from 'vitest'
import { compileDefinition, definitionKind, parseDefinition } from './definition.ts'
import { catalogue } from './fixtures/catalogue.ts'
import { CHAOS_ENGINE_FILE, chaosSchedule, cronWorkflow } from './fixtures/kinds.ts'

function manifest(text: string) {
  const parsed = parseDefinition(text, { catalogue })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.manifest
}

function plan(text: string, parameters: Record<string, string> = {}) {
  const compiled = compileDefinition(text, { catalogue, parameters })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.plan
}

function problem(text: string) {
  const parsed = parseDefinition(text, { catalogue })
  return parsed.ok ? undefined : parsed.problems.find(({ severity }) => severity === 'error')
}

const rules = (text: string) => manifest(text).schedule
const crons = (text: string) => {
  const schedule = rules(text)?.schedule
  return schedule?.kind === 'cron' ? schedule : undefined
}

describe('CronWorkflow', () => {
  it('runs what its workflowSpec says, parameters included', () => {
    const text = cronWorkflow('schedule: "0 9 * * *"\n')
    expect(manifest(text)).toMatchObject({ kind: 'CronWorkflow', name: 'cart-cron', infrastructure: 'laptop' })
    expect(plan(text, { app: 'storefront' })).toMatchObject({
      workflow: 'cart-cron',
      steps: [{ id: 'pod-delete', action: { fault: { target: { labels: { app: 'storefront' } } } } }]
    })
  })

  it('says when: zone, policy, deadline, suspension; without them Argo’s defaults in UTC', () => {
    expect(rules(cronWorkflow('schedule: "0 9 * * MON-FRI"\n'))).toEqual({
      schedule: { kind: 'cron', crons: ['0 9 * * 1-5'], timezone: 'UTC', from: null, until: null },
      concurrency: 'Allow',
      startingDeadlineSeconds: 0,
      held: null
    })
    const full = `schedules: ["@daily", "15/30 * * * *", "@daily"]
timezone: Europe/Berlin
concurrencyPolicy: Replace
startingDeadlineSeconds: 300
suspend: true
successfulJobsHistoryLimit: 3
failedJobsHistoryLimit: 1
`
    expect(rules(cronWorkflow(full))).toEqual({
      schedule: {
        kind: 'cron',
        crons: ['0 0 * * *', '15-59/30 * * * *'],
        timezone: 'Europe/Berlin',
        from: null,
        until: null
      },
      concurrency: 'Replace',
      startingDeadlineSeconds: 300,
      held: 'spec.suspend is true'
    })
  })

  it.each([
    ['never fires', 'schedule: "0 0 30 2 *"\n', /never fires/],
    ['four fields', 'schedule: "0 0 1 *"\n', /has 4 fields/],
    ['seconds', 'schedule: "0 0 9 * * *"\n', /has 6 fields/],
    ['an hour of 24', 'schedule: "0 24 * * *"\n', /"24" is no hour: 0 to 23/],
    ['Sunday as 7', 'schedule: "0 9 * * 7"\n', /Sunday is 0/],
    ['backwards', 'schedule: "0 9 * * fri-mon"\n', /goes backwards/],
    ['last day of the month', 'schedule: "0 9 L * *"\n', /"L" is no day of the month/],
    ['@every', 'schedule: "@every 1h"\n', /There is no @every/],
    ['a placeholder', 'schedule: "{{workflow.parameters.app}}"\n', /"{{workflow.parameters.app}}" has 1 field;/],
    ['an unknown zone', 'schedule: "0 9 * * *"\ntimezone: Mars/Olympus\n', /no time zone/],
    ['an offset for a zone', 'schedule: "0 9 * * *"\ntimezone: "+02:00"\n', /no time zone/],
    ['an unknown policy', 'schedule: "0 9 * * *"\nconcurrencyPolicy: Maybe\n', /There is no policy Maybe/],
    ['a bad deadline', 'schedule: "0 9 * * *"\nstartingDeadlineSeconds: soon\n', /whole number of seconds/],
    ['an expression', 'schedule: "0 9 * * *"\nwhen: "{{= true }}"\n', /uses when/],
    ['both ways', 'schedule: "0 9 * * *"\nschedules: ["0 9 * * *"]\n', /not both/],
    ['none', 'timezone: UTC\n', /spec.schedule is missing/]
  ])('is refused with its line: %s', (_what, when, message) => {
    const found = problem(cronWorkflow(when))
    expect(found?.message).toMatch(message)
    expect(found?.message).not.toMatch(/[\uE000\uE001]/)
    expect(found?.line).toBeGreaterThanOrEqual(5)
  })

  it('a mistake in its steps has the line of the file', () => {
    const found = problem(cronWorkflow('schedule: "0 9 * * *"\n').replace('name: pod-delete }]', 'name: pod-vanish }]'))
    expect(found).toMatchObject({ code: 'manifest/unknown-fault', line: 31 })
  })
})

describe('ChaosEngine', () => {
  it('alone in a file is one step', () => {
    expect(manifest(CHAOS_ENGINE_FILE)).toMatchObject({ kind: 'ChaosEngine', infrastructure: 'laptop', schedule: null })
    expect(plan(CHAOS_ENGINE_FILE)).toEqual({
      workflow: 'cart-engine',
      deadlineSeconds: null,
      steps: [
        {
          id: 'pod-delete',
          name: 'pod-delete',
          needs: [],
          action: {
            kind: 'fault',
            fault: {
              engine: 'cart-engine',
              fault: 'pod-delete',
              target: { namespace: 'shop', kind: 'deployment', labels: { app: 'cart' } },
              tunables: { TOTAL_CHAOS_DURATION: '30' },
              probes: [],
              weight: 4
            }
          }
        }
      ]
    })
  })

  it('a mistake in it has its line', () => {
    expect(problem(CHAOS_ENGINE_FILE.replace('name: pod-delete', 'name: pod-vanish'))).toMatchObject({ line: 17 })
    expect(problem(CHAOS_ENGINE_FILE.replace('litmuschaos.io/v1alpha1', 'v1'))).toMatchObject({
      code: 'manifest/api-version',
      line: 1
    })
  })
})

describe('ChaosSchedule', () => {
  it('is its engine, with Litmus’ rules: one at a time, nothing made up', () => {
    const text = chaosSchedule('now: true\n')
    expect(manifest(text)).toMatchObject({ kind: 'ChaosSchedule', name: 'cart-schedule' })
    expect(plan(text).steps).toMatchObject([{ id: 'pod-delete', action: { fault: { engine: 'cart-schedule' } } }])
    expect(rules(text)).toEqual({
      schedule: { kind: 'on-activation' },
      concurrency: 'Forbid',
      startingDeadlineSeconds: 0,
      held: null
    })
    expect(rules(chaosSchedule('once: { executionTime: "2026-05-12T07:47:00+02:00" }\n'))?.schedule).toEqual({
      kind: 'once',
      at: '2026-05-12T05:47:00.000Z'
    })
  })

  it('repeats on the clock, as Litmus does', () => {
    const repeat = (text: string) => crons(chaosSchedule(`repeat:\n${text.replace(/^/gm, '  ')}\n`))
    const every = (interval: string) => repeat(`properties: { minChaosInterval: ${interval} }`)?.crons
    expect(every('2m')).toEqual(['*/2 * * * *'])
    expect(every('"1m"')).toEqual(['* * * * *'])
    expect(every('2h')).toEqual(['0 */2 * * *'])
    expect(every('120m')).toEqual(['0 */2 * * *'])
    expect(every('{ minute: { everyNthMinute: 15 } }')).toEqual(['*/15 * * * *'])
    expect(every('{ hour: { everyNthHour: 6, minuteOfTheHour: 20 } }')).toEqual(['20 */6 * * *'])
    expect(
      repeat(`timeRange: { startTime: "2026-05-12T05:47:00Z", endTime: "2026-09-13T02:58:00Z" }
properties: { minChaosInterval: { hour: { everyNthHour: 2 } } }
workHours: { includedHours: 0-12 }
workDays: { includedDays: "Mon,Tue, Sun" }`)
    ).toEqual({
      kind: 'cron',
      crons: ['0 0-12/2 * * 1,2,0'],
      timezone: 'UTC',
      from: '2026-05-12T05:47:00.000Z',
      until: '2026-09-13T02:58:00.000Z'
    })
  })

  it.each([
    ['an interval that does not fit', 'repeat: { properties: { minChaosInterval: 7m } }\n', /does not fit/],
    ['90 minutes', 'repeat: { properties: { minChaosInterval: 90m } }\n', /does not fit/],
    ['no interval', 'repeat: { workDays: { includedDays: Mon } }\n', /minChaosInterval is missing/],
    ['a random time', 'repeat: { properties: { minChaosInterval: 5m, random: true } }\n', /random time/],
    [
      'days that are none',
      'repeat: { properties: { minChaosInterval: 5m }, workDays: { includedDays: Caturday } }\n',
      /day of the week/
    ],
    [
      'hours that are none',
      'repeat: { properties: { minChaosInterval: 5m }, workHours: { includedHours: 9-25 } }\n',
      /are no hours/
    ],
    [
      'an end before the start',
      'repeat: { timeRange: { startTime: "2026-05-12T05:47:00Z", endTime: "2025-05-12T05:47:00Z" }, properties: { minChaosInterval: 5m } }\n',
      /never fires/
    ],
    ['a time that is none', 'once: { executionTime: tomorrow }\n', /"tomorrow" is no time/],
    ['two ways at once', 'now: true\nonce: { executionTime: "2026-05-12T05:47:00Z" }\n', /one of/],
    ['no way', 'now: false\n', /one of/]
  ])('is refused with its line: %s', (_what, schedule, message) => {
    const found = problem(chaosSchedule(schedule))
    expect(found?.message).toMatch(message)
    expect(found?.line).toBeGreaterThanOrEqual(6)
  })

  it('is held by its state', () => {
    expect(rules(chaosSchedule('now: true\n', 'scheduleState: halt\n'))?.held).toBe('spec.scheduleState is halt')
    expect(problem(chaosSchedule('now: true\n', 'scheduleState: asleep\n'))?.message).toMatch(/no state asleep/)
  })
})

it('a text’s kind is known without judging it', () => {
  expect(definitionKind(CHAOS_ENGINE_FILE)).toBe('ChaosEngine')
  expect(definitionKind('kind: EventPolicy\n')).toBe('EventPolicy')
  expect(definitionKind('kind: Pod\n')).toBeNull()
  expect(definitionKind('{')).toBeNull()
})
