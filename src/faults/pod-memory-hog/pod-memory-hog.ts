import type { Fault } from '../../engine/index.ts'
import { loadFault } from '../load-fault.ts'
import { podMemoryHogSchema } from './schema.ts'

const MEGABYTE = 1024 * 1024

/** Uses up memory where a pod runs. */
export const podMemoryHog: Fault = loadFault({
  schema: podMemoryHogSchema,
  load: (tunables) => ({
    kind: 'memory',
    bytes: tunables.number('MEMORY_CONSUMPTION') * MEGABYTE,
    forced: tunables.flag('FORCE')
  }),
  enough: 0.9,
  text: (bytes) => `${Math.round(bytes / MEGABYTE)} MB`
})
