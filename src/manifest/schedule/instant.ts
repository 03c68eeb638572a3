import type { NodeReader } from '../node-reader.ts'

/** RFC 3339, as Kubernetes writes times: `2026-05-12T05:47:00Z`; undefined where it is missing, or with a problem. */
export function readInstant(at: NodeReader): string | undefined {
  const text = at.text()
  if (text === undefined) return undefined
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  at.problem('manifest/time', `"${text}" is no time; write it as 2026-05-12T05:47:00Z.`)
  return undefined
}
