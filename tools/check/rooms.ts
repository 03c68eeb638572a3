import { cruiseRooms, FEWEST_MODULES } from './cruise.ts'
import { print } from './violation.ts'

const { modules, violations } = await cruiseRooms(process.cwd())
print(violations)
if (modules < FEWEST_MODULES)
  process.stderr.write(`only ${modules} modules were seen of at least ${FEWEST_MODULES}: the check itself is broken\n`)
const passed = violations.length === 0 && modules >= FEWEST_MODULES
process.stdout.write(`rooms: ${modules} modules, ${violations.length} violations\n`)
process.exitCode = passed ? 0 : 1
