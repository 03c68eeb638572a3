import { RUN_ON_PUSH, RUN_ON_PUSH_ANNOTATION, type RunOnPush } from '../domain/index.ts'

/** What a file itself lets a push start; a word that is not one lets nothing. Null: it says nothing. */
export function ownWord({ annotations }: { annotations: Readonly<Record<string, string>> }): RunOnPush | null {
  const word = annotations[RUN_ON_PUSH_ANNOTATION]
  if (word === undefined) return null
  return RUN_ON_PUSH.find((known) => known === word.trim()) ?? 'never'
}
