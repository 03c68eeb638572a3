import { type Comparator, comparatorText, compares, fieldsOf, parseComparator, plainText } from '../../domain/index.ts'
import type { Probe, ProbeWorld } from '../../engine/index.ts'
import type { Outbound } from '../../outbound/index.ts'
import { findPattern, patternProblem } from '../comparison.ts'
import { type Inputs, probeOf, type Sight } from '../probe-frame.ts'
import { sampleOf } from './answer.ts'
import { promProbeSchema } from './schema.ts'

const LARGEST_ANSWER = 1024 * 1024

interface Query {
  endpoint: URL
  query: string
  comparator: Comparator
}

/** An instant query of Prometheus' HTTP API (`/api/v1/query`), as Thanos, Mimir and VictoriaMetrics answer it too. */
export function createPromProbe(outbound: Outbound): Probe {
  return probeOf<Query>({
    schema: promProbeSchema,
    read,
    look: (query, world) => look(outbound, query, world),
    asked: ({ query, comparator }) => ({ what: query, wanted: comparatorText(comparator) })
  })
}

function read(inputs: Inputs): Query | string {
  const comparator = parseComparator(fieldsOf(inputs.comparator), 'float')
  if (typeof comparator === 'string') return comparator
  const wrong = patternProblem(comparator)
  if (wrong !== null) return wrong
  return { endpoint: new URL(plainText(inputs.endpoint)), query: plainText(inputs.query), comparator }
}

async function look(outbound: Outbound, { endpoint, query, comparator }: Query, world: ProbeWorld): Promise<Sight> {
  const url = new URL(world.target.resolve(endpoint, world.namespace))
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/query`
  url.searchParams.set('query', query)
  const answer = await outbound.request(url, {
    method: 'GET',
    headers: { host: endpoint.host, accept: 'application/json' },
    signal: world.signal,
    deadlineMs: world.timeoutMs,
    maxBytes: LARGEST_ANSWER
  })
  const sample = sampleOf(answer.status, answer.body.toString('utf8'))
  const seen = 'value' in sample ? sample.value : sample.problem
  const passed = 'value' in sample && compares(comparator, sample.value, findPattern)
  return { passed, evidence: `${query}: ${seen} (wanted ${comparatorText(comparator)})` }
}
