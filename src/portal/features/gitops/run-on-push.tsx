import { Radio, Stack } from '@mantine/core'
import type { Gitops } from '../../../contract/index.ts'
import { CommandBlock } from '../../ui/command-block.tsx'
import classes from './gitops.module.css'

export type RunOnPush = Gitops['runOnPush']

export const RUN_ON_PUSH_WORDS: Record<RunOnPush, { name: string; meaning: string }> = {
  never: { name: 'Never', meaning: 'A push starts no run, whatever its commits say.' },
  trailer: {
    name: 'By trailer only',
    meaning: 'A commit whose message asks for a workflow by name starts it. Nothing else does.'
  },
  added: {
    name: 'When a workflow is added',
    meaning: 'A new workflow runs once when its file arrives; a trailer works as well.'
  },
  changed: {
    name: 'When a workflow is added or changed',
    meaning: 'A workflow runs whenever somebody pushes a new text of it; a trailer works as well.'
  }
}

const CHOICES = Object.keys(RUN_ON_PUSH_WORDS) as RunOnPush[]

interface RunOnPushChoiceProps {
  /** null: nothing is chosen yet */
  value: RunOnPush | null
  onChoose: (value: RunOnPush) => void
}

/** What a push may start. It touches running systems, so nobody gets a default. */
export function RunOnPushChoice({ value, onChoose }: RunOnPushChoiceProps) {
  return (
    <div>
      <Radio.Group
        label="When may a push start runs?"
        value={value}
        onChange={(chosen) => onChoose(chosen as RunOnPush)}
      >
        <Stack gap="sm" mt="xs">
          {CHOICES.map((choice) => (
            <Radio
              key={choice}
              value={choice}
              label={RUN_ON_PUSH_WORDS[choice].name}
              description={RUN_ON_PUSH_WORDS[choice].meaning}
              classNames={{ description: classes.meaning ?? '' }}
            />
          ))}
        </Stack>
      </Radio.Group>
      {value === null || value === 'never' ? null : <TrailerExample />}
      <Narrowing />
    </div>
  )
}

function TrailerExample() {
  return (
    <div className={classes.below}>
      <span className={classes.explained}>The line at the end of a commit message that asks for a workflow:</span>
      <CommandBlock text="Chaos-Run: <workflow-name>" what="trailer" />
    </div>
  )
}

function Narrowing() {
  return (
    <p className={classes.quiet}>
      Commits of people count, not those that Faultline makes. The annotation <code>faultline.dev/run-on-push</code> in
      a file, with the words never, trailer, added or changed, can only narrow this for its workflow. One with a
      schedule is started by a trailer alone, unless its annotation says more.
    </p>
  )
}
