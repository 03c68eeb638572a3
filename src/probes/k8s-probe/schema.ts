import { PROBE_MODES, type ProbeSchema } from '../../domain/index.ts'

/** Known, because shared files have it. */
export const k8sProbeSchema: ProbeSchema = {
  type: 'k8sProbe',
  title: 'Kubernetes probe',
  description:
    'Asks a Kubernetes API for objects. No infrastructure of this release has one: a run with it is refused.',
  modes: PROBE_MODES,
  inputs: [],
  infrastructures: {}
}
