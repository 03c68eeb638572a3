import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { soon } from '../../test/harness/soon.ts'
import type { PlanStep, ProbeSpec } from '../domain/index.ts'
import { faultStep } from '../engine/fixtures/stage.ts'
import { runTask } from './fixtures/channel.ts'
import { CrashBench, HELD, http, shopUp } from './fixtures/crash-bench.ts'

let bench: CrashBench

beforeEach(async () => {
  bench = await CrashBench.open()
})

afterEach(() => bench.close())

function settled(probes: readonly ProbeSpec[]): PlanStep[] {
  const few = { TOTAL_CHAOS_DURATION: '2', CHAOS_INTERVAL: '1', NETWORK_LATENCY: '300' }
  return [
    faultStep('kill', { fault: 'pod-delete', tunables: { ...few, NETWORK_LATENCY: '' }, probes: [shopUp, ...probes] }),
    faultStep('slow', { tunables: { ...few, CHAOS_INTERVAL: '', PODS_AFFECTED_PERC: '100' }, probes }, ['kill'])
  ]
}

/** asks the Service by what is in the environment of a command */
const command: ProbeSpec = {
  ...http('OnChaos'),
  name: 'a command is answered',
  type: 'cmdProbe',
  inputs: {
    command: 'test "$CART_SERVICE_PORT" -gt 0 && echo up',
    comparator: { criteria: 'equal', value: 'up' }
  }
}

test('real faults on real processes, judged by real requests', async () => {
  await bench.startAgent()
  bench.channel.tasks = [runTask('run-a', settled([http('Continuous'), http('EOT'), command]))]
  expect(await bench.ended('run-a')).toMatchObject({ phase: 'completed', reason: null })
  const results = bench.facts('run-a').filter((fact) => fact.type === 'fault-result')
  expect(results).toMatchObject([
    { step: 'kill', verdict: 'pass', probeSuccess: 100, recovery: 'clean' },
    { step: 'slow', verdict: 'pass', probeSuccess: 100, recovery: 'clean' }
  ])
  const during = bench
    .facts('run-a')
    .flatMap((fact) =>
      fact.type === 'probe-check' && fact.step === 'slow' && fact.mode === 'Continuous' ? [fact.ms] : []
    )
  expect(Math.max(...during)).toBeGreaterThanOrEqual(290)
  expect(await bench.journal()).toEqual([])
})

/** they would end what the others act on */
const ENDS_PODS = ['pod-delete', 'container-kill', 'pod-pause']

test('an agent killed while all kinds of harm are there undoes each at its next start, and says so', async () => {
  const faults = Object.entries(HELD).filter(([fault]) => !ENDS_PODS.includes(fault))
  const first = await bench.startAgent()
  const up = faultStep('up', { tunables: { TOTAL_CHAOS_DURATION: '1', NETWORK_LATENCY: '1' }, probes: [shopUp] })
  const steps = faults.map(([fault, tunables]) =>
    faultStep(fault, { fault, tunables: { TOTAL_CHAOS_DURATION: '60', ...tunables } }, ['up'])
  )
  bench.channel.tasks = [runTask('run-a', [up, ...steps])]
  await soon(() => {
    const stages = bench.stages('run-a')
    for (const [fault] of faults) expect([fault, stages.get(fault)]).toEqual([fault, 'effect-proved'])
  })
  expect(await bench.fills()).toHaveLength(1)
  await bench.end(first, 'SIGKILL')
  expect((await bench.journal()).length).toBeGreaterThanOrEqual(faults.length)
  await soon(async () => expect(await bench.marked()).toEqual([]))
  await bench.startAgent()
  expect(await bench.ended('run-a')).toMatchObject({
    phase: 'error',
    reason: expect.stringMatching(/undid what it had/)
  })
  for (const [fault] of faults) expect([fault, bench.stages('run-a').get(fault)]).toEqual([fault, 'recovered'])
  const results = bench.facts('run-a').filter((fact) => fact.type === 'fault-result')
  expect(results.filter(({ recovery }) => recovery === 'clean')).toHaveLength(faults.length + 1)
  expect(await bench.journal()).toEqual([])
  expect(await bench.fills()).toEqual([])
  await soon(async () => expect(await readdir(join(bench.folder, 'runs'))).toEqual([]))
})
