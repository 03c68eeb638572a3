import { cruise, type ICruiseResult, type IViolation } from 'dependency-cruiser'
import { IMPORT_TABLE, SIDE_DOORS } from './import-table.ts'
import { roomRules } from './room-rules.ts'
import type { Violation } from './violation.ts'

/** Fewer means that the tool did not see the sources: it stays silent when it finds no TypeScript that it can use. */
export const FEWEST_MODULES = 250

export interface Cruised {
  modules: number
  violations: Violation[]
}

/** Follows every import of the sources below `root`, types included, and judges it by the import table. */
export async function cruiseRooms(root: string): Promise<Cruised> {
  const { output } = await cruise(['src'], {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: roomRules({ table: IMPORT_TABLE, sideDoors: SIDE_DOORS }) },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'tsc',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx'] }
  })
  const { modules, summary } = output as ICruiseResult
  return {
    modules: modules.filter(({ source }) => source.startsWith('src/')).length,
    violations: summary.violations.map(readable)
  }
}

function readable({ rule, from, to, cycle }: IViolation): Violation {
  const [name = '', reason = ''] = rule.name.split(': ')
  const way = cycle ? [from, ...cycle.map((step) => step.name)].join(' -> ') : `imports ${to}`
  return { rule: name, path: from, message: `${way}; ${reason}` }
}
