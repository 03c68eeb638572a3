import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFinal } from '../domain/index.ts'
import { faultStep, probe, stage, task } from './fixtures/stage.ts'

const CALLS = [
  ...['workloads', 'pods', 'deletePod', 'killContainer', 'pausePod', 'resumePod', 'pauseOf'],
  ...['shapeNetwork', 'clearNetwork', 'shaped', 'loadPod', 'unloadPod', 'loads', 'write', 'remove']
]
const IN_ROUNDS = ['pod-delete', 'container-kill']

/** Which calls of the infrastructure and the journal throw, by their number, and when the run is stopped. */
const troubles = fc.record({
  failing: fc.array(fc.record({ call: fc.constantFrom(...CALLS), nth: fc.integer({ min: 1, max: 6 }) }), {
    maxLength: 8
  }),
  fault: fc.constantFrom('pod-network-latency', 'pod-delete', 'container-kill', 'pod-pause', 'pod-cpu-hog'),
  sequence: fc.constantFrom('parallel', 'serial'),
  stopAfterMs: fc.option(fc.integer({ min: 0, max: 9000 })),
  probeFails: fc.boolean()
})

test('whatever fails and whenever it is stopped: nothing stays harmed, no record is lost, no final phase is left', async () => {
  await fc.assert(
    fc.asyncProperty(troubles, async ({ failing, fault, sequence, stopAfterMs, probeFails }) => {
      const calls: Record<string, number> = {}
      const trouble = (call: string) => {
        calls[call] = (calls[call] ?? 0) + 1
        if (failing.some((one) => one.call === call && one.nth === calls[call])) throw new Error(`${call} failed`)
      }
      const scene = stage({ speed: 500, trouble, journalTrouble: trouble, see: () => !probeFails })
      const stop = new AbortController()
      const tunables = { TOTAL_CHAOS_DURATION: '6', CHAOS_INTERVAL: '2', SEQUENCE: sequence, PODS_AFFECTED_PERC: '100' }
      const used = IN_ROUNDS.includes(fault) ? tunables : { ...tunables, CHAOS_INTERVAL: '' }
      const steps = [
        faultStep('one', { fault, tunables: used, probes: [probe('p', 'Continuous', { stopOnFailure: true })] }),
        faultStep('two', {}, ['one'])
      ]
      if (stopAfterMs !== null) void scene.clock.sleep(stopAfterMs).then(() => stop.abort({ kind: 'stop', text: 'x' }))
      const phase = await scene.engine.run(task(steps), { signal: stop.signal, emit: scene.emit })
      await scene.engine.reap(() => scene.emit)
      await scene.engine.reap(() => scene.emit)

      expect(isFinal(phase)).toBe(true)
      expect(scene.target.inForce()).toEqual([])
      expect([...scene.journal.records.keys()]).toEqual([])
      for (const step of ['one', 'two']) {
        const phases = scene.of('step-phase').filter((fact) => fact.step === step)
        expect(phases.filter((fact) => isFinal(fact.phase))).toHaveLength(1)
        expect(isFinal(phases.at(-1)?.phase ?? 'queued')).toBe(true)
      }
      expect(scene.facts.at(-1)?.type === 'run-phase' || scene.of('injection').at(-1)?.stage === 'recovered').toBe(true)
    }),
    { numRuns: 150 }
  )
}, 60_000)
