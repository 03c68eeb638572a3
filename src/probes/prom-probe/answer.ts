import { fieldsOf } from '../../domain/index.ts'

export type Sample = { value: string } | { problem: string }

/**
 * The one value in an answer of `/api/v1/query` (https://prometheus.io/docs/prometheus/latest/querying/api/): a scalar,
 * or a vector of one sample, each `[time, "value"]`.
 */
export function sampleOf(status: number, text: string): Sample {
  const answer = fieldsOf(parsed(text))
  if (answer.status === 'error') return { problem: `${answer.errorType}: ${answer.error}` }
  if (answer.status !== 'success') return { problem: `answered ${status}, which is no answer of Prometheus` }
  const { resultType, result } = fieldsOf(answer.data)
  if (resultType === 'scalar' || resultType === 'string') return sampleIn(result)
  if (resultType !== 'vector' || !Array.isArray(result))
    return { problem: `the query comes to a ${String(resultType)}, not to one value` }
  if (result.length !== 1) return { problem: `the query comes to ${result.length} samples, not to one` }
  return sampleIn(fieldsOf(result[0]).value)
}

function sampleIn(pair: unknown): Sample {
  const value = Array.isArray(pair) ? pair[1] : undefined
  return typeof value === 'string' ? { value } : { problem: 'the sample has no value' }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
