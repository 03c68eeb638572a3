import { expect, test } from 'vitest'
import { faultStep, probe, stage, task } from './fixtures/stage.ts'
import type { StopReason } from './index.ts'

const never = new AbortController().signal
const stopped = (reason: StopReason['kind']) => ({ kind: reason, text: `because of ${reason}` }) satisfies StopReason

test('a fault is prepared, applied, proved, undone and proved again, and nothing is left', async () => {
  const { engine, of, emit, target, journal } = stage()
  expect(await engine.run(task([faultStep('slow')]), { signal: never, emit })).toBe('completed')
  expect(of('injection').map(({ stage }) => stage)).toEqual([
    'prepared',
    'applied',
    'effect-proved',
    'recovering',
    'recovered'
  ])
  expect(of('fault-result')).toMatchObject([{ verdict: 'pass', probeSuccess: null, recovery: 'clean', weight: 10 }])
  expect(target.inForce()).toEqual([])
  expect(journal.records.size).toBe(0)
})

test('the undo record is in the journal before the harm, and until the recovery is proved', async () => {
  const seen: string[] = []
  const scene = stage({
    trouble: (call) => void seen.push(`${call} ${scene.journal.records.size}`)
  })
  await scene.engine.run(task([faultStep('slow')]), { signal: never, emit: scene.emit })
  expect(seen).toContain('shapeNetwork 1')
  expect(seen).toContain('clearNetwork 1')
  expect(seen.findLast((call) => call.startsWith('shaped'))).toBe('shaped 1')
})

test('pod-delete goes in rounds, chooses anew, and every round is recovered', async () => {
  // half a second of a busy machine is less than a round
  const { engine, of, emit, target } = stage({ replicas: 3, speed: 20 })
  const tunables = { TOTAL_CHAOS_DURATION: '30', CHAOS_INTERVAL: '10', PODS_AFFECTED_PERC: '67' }
  const step = faultStep('kill', { fault: 'pod-delete', tunables })
  expect(await engine.run(task([step]), { signal: never, emit })).toBe('completed')
  expect(of('targets').map(({ round, targets }) => [round, targets.length])).toEqual([
    [1, 2],
    [2, 2],
    [3, 2]
  ])
  expect(new Set(target.deleted).size).toBe(6)
})

test('serial hits one pod after another, parallel all at once', async () => {
  for (const [sequence, most] of [
    ['serial', 1],
    ['parallel', 3]
  ] as const) {
    let seen = 0
    const see = (_: string, target: { inForce(): string[] }) => {
      seen = Math.max(seen, target.inForce().length)
      return true
    }
    const { engine, emit } = stage({ see, replicas: 3 })
    const tunables = { TOTAL_CHAOS_DURATION: '5', PODS_AFFECTED_PERC: '100', SEQUENCE: sequence }
    const step = faultStep('slow', { tunables, probes: [probe('watch', 'OnChaos', { intervalMs: 200 })] })
    await engine.run(task([step]), { signal: never, emit })
    expect(seen).toBe(most)
  }
})

test('a stop in the middle of a fault ends it at once, recovers, and skips what was to come', async () => {
  const { engine, of, emit, target, journal, clock } = stage()
  const stop = new AbortController()
  const steps = [faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '300' } }), faultStep('later', {}, ['slow'])]
  const started = clock.now().getTime()
  const run = engine.run(task(steps), { signal: stop.signal, emit })
  await clock.sleep(3000)
  expect(target.inForce()).toHaveLength(1)
  stop.abort(stopped('stop'))
  expect(await run).toBe('stopped')
  expect(clock.now().getTime() - started).toBeLessThan(60_000)
  expect(target.inForce()).toEqual([])
  expect(journal.records.size).toBe(0)
  expect(of('step-phase').filter(({ phase }) => phase === 'stopped' || phase === 'skipped')).toMatchObject([
    { step: 'slow', phase: 'stopped', reason: 'because of stop' },
    { step: 'later', phase: 'skipped' }
  ])
  expect(of('fault-result')).toMatchObject([{ verdict: 'not-applicable', recovery: 'clean', probeSuccess: null }])
  expect(of('run-phase').map(({ phase }) => phase)).toEqual(['running', 'stopping', 'stopped'])
})

test('a run whose lease was lost ends as error, one past its deadline as timeout, both recovered', async () => {
  const lost = stage()
  const signal = AbortSignal.abort(stopped('lease-lost'))
  expect(await lost.engine.run(task([faultStep('slow')]), { signal, emit: lost.emit })).toBe('error')
  const late = stage()
  const step = faultStep('slow', { tunables: { TOTAL_CHAOS_DURATION: '300' } })
  const phase = await late.engine.run(task([step], { deadlineSeconds: 4 }), { signal: never, emit: late.emit })
  expect(phase).toBe('timeout')
  expect(late.target.inForce()).toEqual([])
  expect(late.of('run-phase').at(-1)?.reason).toBe('the run took longer than 4 s')
})

test('a failed verdict is not a phase: the steps after it run; independent ones run side by side', async () => {
  const { engine, of, emit } = stage({ see: (name) => name !== 'bad' })
  const steps = [
    faultStep('one', { probes: [probe('bad', 'EOT')] }),
    faultStep('beside'),
    faultStep('after', {}, ['one', 'beside'])
  ]
  expect(await engine.run(task(steps), { signal: never, emit })).toBe('completed')
  const order = of('step-phase').map(({ step, phase }) => `${step} ${phase}`)
  expect(order.indexOf('beside running')).toBeLessThan(order.indexOf('one completed'))
  expect(order.at(-1)).toBe('after completed')
  expect(of('fault-result').map(({ step, verdict }) => `${step} ${verdict}`)).toContain('one fail')
})

test.each([
  ['an unknown fault', faultStep('x', { fault: 'disk-burn' }), /disk-burn is unknown here; known: pod-delete/],
  [
    'an unknown target',
    faultStep('x', { target: { namespace: 'shop', kind: 'deployment', labels: { app: 'nobody' } } }),
    /no workload matches shop\/deployment app=nobody/
  ],
  ['a bad tunable', faultStep('x', { tunables: { NETWORK_LATENCY: 'much' } }), /NETWORK_LATENCY "much" is not/],
  [
    'an unknown probe',
    faultStep('x', { probes: [{ ...probe('p', 'SOT'), type: 'k8sProbe' }] }),
    /no local .* a k8sProbe/
  ],
  [
    'a command where none is allowed',
    faultStep('x', { probes: [{ ...probe('p', 'SOT'), type: 'commanding' }] }),
    /runs a command, which this infrastructure does not allow/
  ],
  [
    'a probe of other infrastructures',
    faultStep('x', { probes: [{ ...probe('p', 'SOT'), type: 'elsewhere' }] }),
    /probe p: no local infrastructure makes a elsewhere/
  ],
  ['a pod that is not there', faultStep('x', { tunables: { TARGET_PODS: 'cart-99' } }), /no pod named cart-99/]
])('%s is refused with a reason, before any harm', async (_what, step, reason) => {
  const { engine, of, emit } = stage()
  expect(await engine.run(task([step]), { signal: never, emit })).toBe('error')
  expect(of('step-phase').at(-1)?.reason).toMatch(reason)
  expect(of('fault-result')).toMatchObject([{ verdict: 'error', recovery: 'clean' }])
  expect(of('injection')).toEqual([])
})

test.each([
  [
    'pod-pause',
    'processes',
    /pod-pause cannot be done here: an agent on local .* does not reach the processes of pods/
  ],
  ['container-kill', 'containers', /does not reach the containers of pods/],
  ['pod-cpu-hog', 'processes', /does not reach the processes of pods/],
  ['pod-network-loss', 'network', /does not reach the network of pods/]
] as const)('%s is refused where the %s of pods are out of reach, before any harm', async (fault, part, reason) => {
  const { engine, of, emit, target } = stage()
  target[part] = null
  expect(await engine.run(task([faultStep('x', { fault, tunables: {} })]), { signal: never, emit })).toBe('error')
  expect(of('step-phase').at(-1)?.reason).toMatch(reason)
  expect(of('injection')).toEqual([])
})

test('the guardrails hold in the agent again: namespace, duration, number of targets', async () => {
  const guardrails = { allowedNamespaces: ['shop'], maxTargets: 1, maxDurationSeconds: 30 }
  const elsewhere = faultStep('x', {
    target: { namespace: 'kube-system', kind: 'deployment', labels: { app: 'cart' } }
  })
  const byDefault = faultStep('x', { tunables: {} })
  const many = faultStep('x', { tunables: { TOTAL_CHAOS_DURATION: '5', PODS_AFFECTED_PERC: '100' } })
  for (const [step, reason] of [
    [elsewhere, /deny list/],
    [byDefault, /lasts 60 s, the guardrail allows 30 s/],
    [many, /2 pods would be hit, the guardrail allows 1/]
  ] as const) {
    const { engine, facts, of, emit } = stage()
    expect(await engine.run({ ...task([step]), guardrails }, { signal: never, emit })).toBe('error')
    expect(JSON.stringify(facts)).toMatch(reason)
    expect(of('injection')).toEqual([])
  }
})

test('a fault without effect is an error, and is recovered all the same', async () => {
  const { engine, of, emit, journal, target } = stage()
  target.shapeNetwork = async () => undefined
  expect(await engine.run(task([faultStep('slow')]), { signal: never, emit })).toBe('error')
  expect(of('injection').map(({ stage }) => stage)).toEqual([
    'prepared',
    'applied',
    'no-effect-seen',
    'recovering',
    'recovered'
  ])
  expect(of('fault-result')[0]?.evidence).toMatch(/had no effect/)
  expect(journal.records.size).toBe(0)
})

test('a recovery that cannot be proved is told as leaked, stays in the journal, and a later reap ends it', async () => {
  let broken = true
  const trouble = (call: string) => {
    if (call === 'clearNetwork' && broken) throw new Error('the network is stuck')
  }
  const { engine, of, emit, journal, target } = stage({ trouble, speed: 200 })
  expect(await engine.run(task([faultStep('slow')]), { signal: never, emit })).toBe('error')
  expect(of('fault-result')).toMatchObject([{ verdict: 'error', recovery: 'leaked' }])
  expect(of('injection').at(-1)).toMatchObject({ stage: 'leaked', evidence: expect.stringMatching(/network is stuck/) })
  expect(journal.records.size).toBe(1)
  broken = false
  expect(await engine.reap(() => emit)).toEqual({ recovered: 1, leaked: 0 })
  expect(target.inForce()).toEqual([])
  expect(journal.records.size).toBe(0)
})

test('without a durable undo record there is no harm', async () => {
  const { engine, of, emit, target } = stage({
    journalTrouble: () => {
      throw new Error('the disk is full')
    }
  })
  expect(await engine.run(task([faultStep('slow')]), { signal: never, emit })).toBe('error')
  expect(of('injection').some(({ stage }) => stage === 'applied')).toBe(false)
  expect(target.inForce()).toEqual([])
  expect(of('fault-result')[0]?.evidence).toMatch(/disk is full/)
})
