import type { Objects, PodView } from '../local/index.ts'

/** Objects as people read them in a terminal. */
export function printObjects({ workloads, pods, services }: Objects): string {
  const tables = [
    table(
      ['NAMESPACE', 'WORKLOAD', 'READY', 'ROLLOUT', 'IMAGES'],
      workloads.map((w) => [
        w.namespace,
        `${w.kind.toLowerCase()}/${w.name}`,
        `${w.readyReplicas}/${w.replicas}`,
        w.rollout,
        w.containers.map((c) => `${c.name}=${c.image}`).join(',')
      ])
    ),
    table(
      ['NAMESPACE', 'POD', 'READY', 'PHASE', 'RESTARTS', 'PID', 'PORT', 'WAITS'],
      pods
        .toSorted(byName)
        .map((p) => [
          p.namespace,
          p.name,
          `${p.containers.filter((c) => c.ready).length}/${p.containers.filter((c) => !c.init).length}`,
          p.phase,
          String(p.restarts),
          String(p.pid ?? '-'),
          String(p.port ?? '-'),
          p.containers.flatMap((c) => (c.reason === null ? [] : [`${c.name}: ${c.reason}`])).join('; ')
        ])
    ),
    table(
      ['NAMESPACE', 'SERVICE', 'ADDRESS', 'ENDPOINTS'],
      services.map((s) => [s.namespace, s.name, s.problem ?? `${s.host}:${s.port}`, s.endpoints.join(',') || 'none'])
    )
  ]
  return tables.filter((text) => text !== '').join('\n\n') || 'Nothing found.'
}

function byName(a: PodView, b: PodView): number {
  return `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`, 'en', { numeric: true })
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return ''
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}
