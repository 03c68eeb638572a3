import type { Fault } from '../../engine/index.ts'
import { loadFault } from '../load-fault.ts'
import { podCpuHogSchema } from './schema.ts'

/** Uses up CPU where a pod runs. */
export const podCpuHog: Fault = loadFault({
  schema: podCpuHogSchema,
  load: (tunables) => ({
    kind: 'cpu',
    cores: tunables.number('CPU_CORES'),
    percentage: tunables.number('CPU_LOAD'),
    forced: tunables.flag('FORCE')
  }),
  // on a machine that is busy already the load gets its part, not all
  enough: 0.5,
  text: (cores) => `${cores.toFixed(2)} cores`
})
