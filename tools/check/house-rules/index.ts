import { ENTRANCES } from '../import-table.ts'
import type { SourceFile } from '../source-file.ts'
import type { Violation } from '../violation.ts'
import { environment } from './environment.ts'
import { defaultExports, emptyNames, roomEntrances } from './layout.ts'
import { outsideWorld } from './outside-world.ts'
import { longFiles, longFunctions } from './sizes.ts'
import { bannedWords, moduleMocks } from './words.ts'

export { fileSizes } from './sizes.ts'

type HouseRule = (files: readonly SourceFile[]) => Violation[]

const RULES: readonly HouseRule[] = [
  outsideWorld,
  environment,
  bannedWords,
  moduleMocks,
  emptyNames,
  defaultExports,
  (files) => roomEntrances(files, ENTRANCES),
  longFiles,
  longFunctions
]

/** Every breach of every rule. */
export function judgeHouse(files: readonly SourceFile[]): Violation[] {
  return RULES.flatMap((rule) => rule(files))
}
