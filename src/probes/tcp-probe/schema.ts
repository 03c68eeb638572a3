import { PROBE_MODES, type ProbeSchema } from '../../domain/index.ts'

export const tcpProbeSchema: ProbeSchema = {
  type: 'tcpProbe',
  title: 'TCP probe',
  description: 'Opens a TCP connection; one that is refused, or closed at once, fails. Not one of Litmus.',
  modes: PROBE_MODES,
  inputs: [{ path: 'address', type: 'address', required: true, description: 'host:port, for example cart.shop:80.' }],
  infrastructures: {
    local:
      'Services by their DNS names: without a ready pod behind it a Service closes at once. Other hosts as for httpProbe.',
    kubernetes: 'As for httpProbe.'
  }
}
