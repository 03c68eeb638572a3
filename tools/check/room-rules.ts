import type { IForbiddenRuleType } from 'dependency-cruiser'
import type { Room, SideDoor } from './import-table.ts'

/** Code of the product: tests and their fixtures may look through every wall. */
export const TEST_CODE = '(\\.test\\.tsx?$|/fixtures/)'

export interface House {
  table: Readonly<Record<string, Room>>
  sideDoors: readonly SideDoor[]
}

/** The table of who may import whom as rules of dependency-cruiser. */
export function roomRules({ table, sideDoors }: House): IForbiddenRuleType[] {
  return [
    ...Object.entries(table).flatMap(([room, row]) => rowRules(room, row)),
    unknownRoom(Object.keys(table)),
    doorRule(sideDoors),
    ...sideDoors.map(sideDoorRule),
    NO_CYCLES,
    NO_TESTS_IN_PRODUCT
  ]
}

function rowRules(room: string, { imports, types = [] }: Room): IForbiddenRuleType[] {
  const mayTouch = [room, ...imports, ...types].join('|')
  const from = { path: `^src/${room}/`, pathNot: TEST_CODE }
  const table: IForbiddenRuleType = {
    ...rule(
      'import-table',
      imports.length === 0 ? `${room} imports no other room` : `${room} may import ${imports.join(', ')}`
    ),
    from,
    to: { path: '^src/[^/]+/', pathNot: `^src/(${mayTouch})/` }
  }
  if (types.length === 0) return [table]
  const typesOnly: IForbiddenRuleType = {
    ...rule('types-only', `${room} may import of ${types.join(', ')} only types`),
    from,
    to: { path: `^src/(${types.join('|')})/`, dependencyTypesNot: ['type-only'] }
  }
  return [table, typesOnly]
}

function unknownRoom(rooms: readonly string[]): IForbiddenRuleType {
  return {
    ...rule('unknown-room', 'the room has no row in tools/check/import-table.ts'),
    from: { path: '^src/', pathNot: `^src/(${rooms.join('|')})/` },
    to: {}
  }
}

function doorRule(sideDoors: readonly SideDoor[]): IForbiddenRuleType {
  const open = sideDoors.map(({ file }) => literal(`src/${file}`)).join('|')
  return {
    ...rule('doors-only', 'a room is imported through its index.ts'),
    from: { path: '^src/([^/]+)/', pathNot: TEST_CODE },
    to: { path: '^src/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', `^(${open})$`] }
  }
}

function sideDoorRule({ file, rooms }: SideDoor): IForbiddenRuleType {
  const folder = file.slice(0, file.lastIndexOf('/'))
  return {
    ...rule('side-door', `${file} is for ${rooms.join(', ')}`),
    from: { path: '^src/', pathNot: [TEST_CODE, `^src/(${[folder, ...rooms].join('|')})/`] },
    to: { path: `^${literal(`src/${file}`)}$` }
  }
}

const NO_CYCLES: IForbiddenRuleType = {
  ...rule('no-cycles', 'files that import each other cannot be read one after the other'),
  from: { path: '^src/' },
  to: { circular: true }
}

const NO_TESTS_IN_PRODUCT: IForbiddenRuleType = {
  ...rule('no-tests-in-product', 'the product imports neither tests nor tools'),
  from: { path: '^src/', pathNot: TEST_CODE },
  to: { path: [TEST_CODE, '^(test|tools|bench)/'] }
}

/** dependency-cruiser reports a rule's name alone, so the reason is in it. */
function rule(name: string, reason: string): { name: string; severity: 'error' } {
  return { name: `${name}: ${reason}`, severity: 'error' }
}

function literal(path: string): string {
  return path.replace(/[.]/g, '\\$&')
}
