import { FEWEST_MODULES } from './cruise.ts'
import { fileSizes, judgeHouse } from './house-rules/index.ts'
import { readSources } from './source-file.ts'
import { print } from './violation.ts'

const files = readSources(process.cwd())
const modules = files.filter((file) => file.room !== undefined && file.ast).length
const violations = judgeHouse(files)
print(violations)
if (modules < FEWEST_MODULES)
  process.stderr.write(`only ${modules} modules were seen of at least ${FEWEST_MODULES}: the check itself is broken\n`)
const { median, p90, longest } = fileSizes(files)
process.stdout.write(
  `house: ${modules} modules, ${violations.length} violations; lines of a file: median ${median}, p90 ${p90}, longest ${longest}\n`
)
process.exitCode = violations.length === 0 && modules >= FEWEST_MODULES ? 0 : 1
