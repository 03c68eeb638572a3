import { PROBE_MODES, type ProbeSchema } from '../../domain/index.ts'

export const promProbeSchema: ProbeSchema = {
  type: 'promProbe',
  title: 'Prometheus probe',
  description: 'Asks a Prometheus for the value of a query now, and compares it.',
  modes: PROBE_MODES,
  inputs: [
    {
      path: 'endpoint',
      type: 'url',
      required: true,
      description: 'Address of the Prometheus, http or https; a path before /api/v1 is kept.'
    },
    {
      path: 'query',
      type: 'text',
      required: true,
      description: 'PromQL that comes to exactly one sample, or to a scalar.'
    },
    { path: 'queryPath', type: 'text', refused: 'is not supported: give the query', description: 'Refused.' },
    {
      path: 'comparator',
      type: 'comparator',
      required: true,
      otherwise: 'float',
      description: 'type (float if not said), criteria and value; also compares with +Inf and -Inf.'
    }
  ],
  infrastructures: {
    local:
      'Services by their DNS names; other loopback ports and private hosts as FAULTLINE_EGRESS_ALLOW of the agent says.',
    kubernetes: 'As for httpProbe: its Service, for example http://prometheus.monitoring.svc:9090.'
  }
}
