import { RUN_ON_PUSH, RUN_ON_PUSH_ANNOTATION, type RunOnPush } from '../domain/index.ts'
import type { DefinitionManifest } from '../manifest/index.ts'

/**
 * What a file itself lets a push start; a word that is not one lets nothing. Null: it says nothing. A file that says
 * when it starts is started by a push only if a trailer asks for it, unless its annotation says more.
 */
export function ownWord({
  annotations,
  schedule
}: Pick<DefinitionManifest, 'annotations' | 'schedule'>): RunOnPush | null {
  const word = annotations[RUN_ON_PUSH_ANNOTATION]
  if (word === undefined) return schedule === null ? null : 'trailer'
  return RUN_ON_PUSH.find((known) => known === word.trim()) ?? 'never'
}
