import { expect, it } from 'vitest'
import { Metrics } from './metrics.ts'

it('counters and gauges are told as Prometheus reads them, whatever is in a label', async () => {
  const metrics = new Metrics()
  const passes = metrics.counter({ name: 'passes_total', help: 'Passes.' })
  passes.add({ outcome: 'ready' })
  passes.add({ outcome: 'ready' }, 2)
  passes.add({ outcome: 'a "b"\\\n' })
  metrics.watch({ name: 'waiting', help: 'Waiting.' }, async () => [{ value: 4.5 }])
  expect(await metrics.render()).toBe(
    [
      '# HELP passes_total Passes.',
      '# TYPE passes_total counter',
      'passes_total{outcome="ready"} 3',
      'passes_total{outcome="a \\"b\\"\\\\\\n"} 1',
      '# HELP waiting Waiting.',
      '# TYPE waiting gauge',
      'waiting 4.5',
      ''
    ].join('\n')
  )
})

it('a histogram counts what took at most so long, and all of it', async () => {
  const metrics = new Metrics()
  const calls = metrics.histogram({ name: 'calls', help: 'Calls.' })
  for (const seconds of [0.001, 0.3, 500]) calls.observe(seconds, { call: 'tip' })
  const text = await metrics.render()
  expect(text).toContain('calls_bucket{call="tip",le="0.005"} 1')
  expect(text).toContain('calls_bucket{call="tip",le="0.25"} 1')
  expect(text).toContain('calls_bucket{call="tip",le="0.5"} 2')
  expect(text).toContain('calls_bucket{call="tip",le="120"} 2')
  expect(text).toContain('calls_bucket{call="tip",le="+Inf"} 3')
  expect(text).toContain('calls_sum{call="tip"} 500.301')
  expect(text).toContain('calls_count{call="tip"} 3')
})

it('somebody who invents labels fills no memory: from a limit on they count together', async () => {
  const metrics = new Metrics()
  const hits = metrics.counter({ name: 'hits', help: 'Hits.' })
  for (let index = 0; index < 5000; index++) hits.add({ path: `p${index}` })
  const lines = (await metrics.render()).split('\n').filter((text) => text.startsWith('hits{'))
  expect(lines.length).toBeLessThanOrEqual(1001)
  expect(lines).toContain('hits{path="other"} 4000')
})

it('what cannot be read now is left out, and the rest is told', async () => {
  const metrics = new Metrics()
  metrics.watch({ name: 'rows', help: 'Rows.' }, async () => Promise.reject(new Error('no database')))
  metrics.watch({ name: 'up', help: 'Up.' }, () => [{ value: 1 }])
  expect(await metrics.render()).toBe('# HELP up Up.\n# TYPE up gauge\nup 1\n')
  expect(() => metrics.counter({ name: 'up', help: 'Again.' })).toThrow(/twice/)
})
