import { hogFault } from '../exec-hog.ts'
import { podCpuHogExecSchema } from './schema.ts'

/** Each loop ends by itself when the shell that has begun them is gone, which is gone after its sleep. */
export const LOOPS = `loops=; made=0
while [ "$made" -lt "$2" ]; do
  while kill -0 $$; do turn=0; while [ "$turn" -lt 20000 ]; do turn=$((turn + 1)); done; done &
  loops="$loops $!"; made=$((made + 1))
done
sleep "$1"; kill -s KILL $loops`

/** a container that is limited to a tenth of a core is still loaded */
const ENOUGH = 0.05

/** Uses up CPU in a container. */
export const podCpuHogExec = hogFault({
  schema: podCpuHogExecSchema,
  script: LOOPS,
  asked: (tunables) => tunables.number('CPU_CORES'),
  achieved: ({ cores }) => cores,
  enough: () => ENOUGH,
  text: (cores) => `${cores.toFixed(2)} cores`
})
