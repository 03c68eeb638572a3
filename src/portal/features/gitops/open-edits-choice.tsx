import { Radio, Stack } from '@mantine/core'
import type { EditRequest, OpenEditsWord } from '../../../contract/index.ts'
import { Chip, SYNC_STATES } from '../../ui/chip.tsx'
import classes from './gitops.module.css'
import { useOpenEdits } from './queries.ts'

/** as many are listed */
const LISTED = 20

interface OpenEditsChoiceProps {
  words: { push: string; apply: string }
  chosen: OpenEditsWord | null
  onChoose: (choice: OpenEditsWord) => void
}

/** Edits that wait for git, and what becomes of them: a person says it, so nothing is chosen beforehand. */
export function OpenEditsChoice({ words, chosen, onChoose }: OpenEditsChoiceProps) {
  const edits = useOpenEdits().data?.items ?? []
  const one = edits.length === 1
  return (
    <div>
      <Radio.Group
        label={`${edits.length} ${one ? 'edit waits' : 'edits wait'} for git. What becomes of ${one ? 'it' : 'them'}?`}
        value={chosen}
        onChange={(value) => onChoose(value as OpenEditsWord)}
      >
        <Waiting edits={edits} />
        <Stack gap="xs">
          <Radio value="push" label={words.push} description="If one of them cannot be pushed, nothing is changed." />
          <Radio value="apply" label={words.apply} />
          <Radio value="discard" label="Discard; the texts stay readable" />
        </Stack>
      </Radio.Group>
    </div>
  )
}

function Waiting({ edits }: { edits: readonly EditRequest[] }) {
  return (
    <ul className={classes.waiting}>
      {edits.slice(0, LISTED).map(({ id, name, message, author, state }) => (
        <li key={id}>
          <Chip face={SYNC_STATES[state === 'conflict' ? 'conflict' : 'waiting-for-git']} />
          <span>
            <b>{name}</b> {message}, {author}
          </span>
        </li>
      ))}
      {edits.length > LISTED ? <li>and {edits.length - LISTED} more</li> : null}
    </ul>
  )
}
