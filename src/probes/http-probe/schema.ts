import type { ProbeSchema } from '../../domain/index.ts'
import { PROBE_MODES } from '../../domain/index.ts'

export const httpProbeSchema: ProbeSchema = {
  type: 'httpProbe',
  title: 'HTTP probe',
  description: 'Sends a GET or POST request and compares the status of the answer, and if asked its body.',
  modes: PROBE_MODES
}
