import { afterEach, beforeEach, expect, test } from 'vitest'
import { runTask } from '../../src/agent/fixtures/channel.ts'
import { CrashBench, HELD, shopUp } from '../../src/agent/fixtures/crash-bench.ts'
import { faultStep } from '../../src/engine/fixtures/stage.ts'
import { faultSchemas } from '../../src/faults/index.ts'
import { soon } from '../harness/soon.ts'

let bench: CrashBench

beforeEach(async () => {
  bench = await CrashBench.open()
})

afterEach(() => bench.close())

test('every fault of a local infrastructure is in the table', () => {
  const local = faultSchemas.filter(({ infrastructures }) => infrastructures.local !== undefined)
  expect(Object.keys(HELD).toSorted()).toEqual(local.map(({ name }) => name).toSorted())
})

test.each(Object.entries(HELD))(
  'an agent killed in the middle of %s undoes it at its next start, and says so',
  async (fault, more) => {
    const first = await bench.startAgent()
    const tunables = { TOTAL_CHAOS_DURATION: '60', ...more }
    bench.channel.tasks = [runTask('run-a', [faultStep('harm', { fault, tunables, probes: [shopUp] })])]
    await soon(() => expect(bench.stages('run-a').get('harm')).toBe('effect-proved'))
    expect(await bench.marked()).not.toEqual([])
    await bench.end(first, 'SIGKILL')
    expect(await bench.journal()).not.toEqual([])
    await soon(async () => expect(await bench.marked()).toEqual([]))
    await bench.startAgent()
    expect(await bench.ended('run-a')).toMatchObject({ phase: 'error' })
    expect(bench.stages('run-a').get('harm')).toBe('recovered')
    expect(bench.facts('run-a').find((fact) => fact.type === 'fault-result')).toMatchObject({ recovery: 'clean' })
    expect(await bench.journal()).toEqual([])
    expect(await bench.fills()).toEqual([])
  }
)
