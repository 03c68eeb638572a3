import { Checkbox } from '@mantine/core'
import type { Preview } from '../../../contract/index.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Problems } from '../../ui/problems.tsx'
import classes from './gitops.module.css'

type Item = Preview['items'][number]

const ACTIONS: Record<Item['action'], { word: string; icon: IconName; tone: string }> = {
  import: { word: 'comes from git', icon: 'down', tone: 'pass' },
  export: { word: 'goes to git', icon: 'commit', tone: 'live' },
  same: { word: 'is the same on both sides', icon: 'check', tone: 'idle' },
  conflict: { word: 'differs: keep one side afterwards', icon: 'conflict', tone: 'fail' },
  invalid: { word: 'is not valid, and is left alone', icon: 'alert', tone: 'fail' },
  refused: { word: 'is not read', icon: 'minus', tone: 'wait' }
}

interface PreviewItemsProps {
  items: readonly Item[]
  /** schedules that come from git are active at once */
  activateSchedules: boolean
}

/** What becomes of each workflow and each file. */
export function PreviewItems({ items, activateSchedules }: PreviewItemsProps) {
  if (items.length === 0) return <span>There is no workflow on either side yet; nothing to bring over.</span>
  return (
    <ul className={classes.preview}>
      {items.map(({ path, from, action, schedule, problems }) => (
        <li key={path} data-tone={ACTIONS[action].tone}>
          <Icon name={ACTIONS[action].icon} size={14} />
          <div>
            <code>{path}</code> {ACTIONS[action].word}
            {from === null ? null : (
              <div className={classes.explained}>
                Here it is <code>{from}</code> until now.
              </div>
            )}
            {schedule === null ? null : <Scheduled words={schedule} active={activateSchedules} />}
            <Problems problems={problems} />
          </div>
        </li>
      ))}
    </ul>
  )
}

function Scheduled({ words, active }: { words: string; active: boolean }) {
  return (
    <div className={classes.explained}>
      Schedule: {words}.{' '}
      {active ? 'It is active at once, as the settings say.' : 'It starts nothing until a person activates it.'}
    </div>
  )
}

interface CreatesBoxProps {
  creates: Preview['creates']
  branch: string
  agreed: boolean
  onAgree: (agreed: boolean) => void
}

/** What must be made first is agreed to by a person. */
export function CreatesBox({ creates, branch, agreed, onAgree }: CreatesBoxProps) {
  if (creates === 'nothing') return null
  return (
    <Checkbox
      label={
        creates === 'branch'
          ? `Create the branch ${branch}: it is not there yet`
          : `Make the first commit on ${branch}: the repository is empty`
      }
      checked={agreed}
      onChange={(event) => onAgree(event.currentTarget.checked)}
    />
  )
}
