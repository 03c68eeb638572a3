import { hogFault } from '../exec-hog.ts'
import { podMemoryHogExecSchema } from './schema.ts'

const MIB = 1024 * 1024
/** tail waits for the end of a line that comes when the sleep is over: until then it holds all of it */
export const HOLD = '{ head -c "$2" /dev/zero; sleep "$1"; } | tail -n 1 >/dev/null'
const ENOUGH = 0.9

/** Uses up memory in a container. */
export const podMemoryHogExec = hogFault({
  schema: podMemoryHogExecSchema,
  script: HOLD,
  asked: (tunables) => tunables.number('MEMORY_CONSUMPTION') * MIB,
  achieved: ({ bytes }) => bytes,
  enough: (asked) => asked * ENOUGH,
  text: (bytes) => `${Math.round(bytes / MIB)} MiB`
})
