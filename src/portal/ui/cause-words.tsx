import { type Cause, causeSentence } from '../../domain/index.ts'
import { Commit } from './copy.tsx'
import { Icon, type IconName } from './icon.tsx'

const ICONS: Record<Cause['kind'], IconName> = {
  manual: 'user',
  api: 'key',
  git: 'commit',
  schedule: 'clock',
  hook: 'bolt',
  'workload-change': 'bolt'
}

const PUSHED = { trailer: 'asked for it', added: 'added the workflow', changed: 'changed the workflow' } as const

/** What a person's commit had to do with the run. */
export function pushedWords({ why }: Extract<Cause, { kind: 'git' }>): string {
  return PUSHED[why]
}

/** Why a run exists, in words; a commit can be copied. */
export function CauseWords({ cause }: { cause: Cause }) {
  if (cause.kind !== 'git') return causeSentence(cause)
  return (
    <>
      {cause.author} {pushedWords(cause)} in commit <Commit id={cause.commit} />
    </>
  )
}

/** The same with its icon, for a row of a list. */
export function CauseLine({ cause }: { cause: Cause }) {
  return (
    <span style={{ alignItems: 'baseline', display: 'inline-flex', gap: 6 }}>
      <span style={{ position: 'relative', top: 2 }}>
        <Icon name={ICONS[cause.kind]} size={13} />
      </span>
      <span>
        <CauseWords cause={cause} />
      </span>
    </span>
  )
}
