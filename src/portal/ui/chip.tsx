import { Tooltip } from '@mantine/core'
import type { Recovery, RunPhase, StepPhase, SyncState, Verdict } from '../../domain/index.ts'
import classes from './chip.module.css'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'pass' | 'fail' | 'wait' | 'live' | 'idle'

export interface Face {
  word: string
  icon: IconName
  tone: Tone
}

/** One icon, one word and one colour for every phase, verdict, recovery and sync state, everywhere. */
export const PHASES: Record<RunPhase | StepPhase, Face> = {
  queued: { word: 'Queued', icon: 'clock', tone: 'idle' },
  waiting: { word: 'Waiting', icon: 'clock', tone: 'wait' },
  running: { word: 'Running', icon: 'runs', tone: 'live' },
  stopping: { word: 'Stopping', icon: 'stop', tone: 'wait' },
  recovering: { word: 'Recovering', icon: 'undo', tone: 'live' },
  completed: { word: 'Completed', icon: 'check', tone: 'idle' },
  stopped: { word: 'Stopped', icon: 'stop', tone: 'wait' },
  error: { word: 'Error', icon: 'alert', tone: 'fail' },
  timeout: { word: 'Timed out', icon: 'clock', tone: 'fail' },
  skipped: { word: 'Skipped', icon: 'skip', tone: 'idle' }
}

export const VERDICTS: Record<Verdict, Face> = {
  pass: { word: 'Pass', icon: 'check', tone: 'pass' },
  fail: { word: 'Fail', icon: 'cross', tone: 'fail' },
  awaited: { word: 'Awaited', icon: 'clock', tone: 'live' },
  error: { word: 'Error', icon: 'alert', tone: 'fail' },
  'not-applicable': { word: 'No probes', icon: 'minus', tone: 'idle' }
}

export const RECOVERIES: Record<Recovery, Face> = {
  clean: { word: 'Clean', icon: 'undo', tone: 'pass' },
  drifted: { word: 'Drifted', icon: 'drift', tone: 'wait' },
  leaked: { word: 'Leaked', icon: 'leak', tone: 'fail' }
}

export const SYNC_STATES: Record<SyncState, Face> = {
  'in-git': { word: 'In git', icon: 'commit', tone: 'pass' },
  'waiting-for-git': { word: 'Waiting for git', icon: 'clock', tone: 'live' },
  conflict: { word: 'Conflict', icon: 'conflict', tone: 'fail' },
  'invalid-in-git': { word: 'Invalid in git', icon: 'alert', tone: 'fail' },
  withheld: { word: 'Withheld', icon: 'hold', tone: 'wait' },
  'not-in-git': { word: 'In Faultline', icon: 'file', tone: 'idle' }
}

/** Of a file that is in git and no workflow. */
export const IGNORED: Face = { word: 'Ignored', icon: 'minus', tone: 'idle' }

export const SYNC_STATUS: Record<'off' | 'ready' | 'reconciling' | 'stalled' | 'paused', Face> = {
  off: { word: 'Off', icon: 'minus', tone: 'idle' },
  ready: { word: 'Ready', icon: 'check', tone: 'pass' },
  reconciling: { word: 'Reconciling', icon: 'sync', tone: 'live' },
  stalled: { word: 'Stalled', icon: 'alert', tone: 'fail' },
  paused: { word: 'Paused', icon: 'hold', tone: 'wait' }
}

export const STANDINGS: Record<'active' | 'deactivated', Face> = {
  active: { word: 'Active', icon: 'check', tone: 'pass' },
  deactivated: { word: 'Deactivated', icon: 'minus', tone: 'idle' }
}

export const CONNECTION: Record<'connected' | 'away' | 'awaited', Face> = {
  connected: { word: 'Connected', icon: 'check', tone: 'pass' },
  away: { word: 'Not connected', icon: 'cross', tone: 'wait' },
  awaited: { word: 'Never connected', icon: 'clock', tone: 'idle' }
}

/** What was decided about a workload change, or a call of a hook. */
export const DECISIONS: Record<'waiting' | 'triggered' | 'not-triggered' | 'failed', Face> = {
  waiting: { word: 'Waiting', icon: 'clock', tone: 'wait' },
  triggered: { word: 'Triggered', icon: 'bolt', tone: 'live' },
  'not-triggered': { word: 'No run', icon: 'minus', tone: 'idle' },
  failed: { word: 'Failed', icon: 'alert', tone: 'fail' }
}

export const HOOKS: Record<'active' | 'paused', Face> = {
  active: { word: 'Active', icon: 'bolt', tone: 'live' },
  paused: { word: 'Paused', icon: 'hold', tone: 'wait' }
}

/** Whether the clock may start a workflow; `held`: its file says no. */
const SCHEDULES: Record<'active' | 'paused' | 'held', Face> = {
  active: { word: 'Active', icon: 'clock', tone: 'live' },
  paused: { word: 'Paused', icon: 'hold', tone: 'wait' },
  held: { word: 'Suspended', icon: 'minus', tone: 'idle' }
}

interface ChipProps {
  face: Face
  /** said on hover and focus */
  note?: string | null | undefined
  /** beside the word, for example a short commit */
  detail?: string | null | undefined
}

export function Chip({ face, note, detail }: ChipProps) {
  const chip = (
    <span className={classes.chip} data-tone={face.tone} tabIndex={note ? 0 : undefined}>
      <Icon name={face.icon} size={13} />
      <span>{face.word}</span>
      {detail ? <code>{detail}</code> : null}
    </span>
  )
  return note ? <Tooltip label={note}>{chip}</Tooltip> : chip
}

/** A run at a glance: while it is under way its phase, afterwards its verdict, unless it did not end well by itself. */
export function runFace(run: { phase: RunPhase; verdict: Verdict }): Face {
  return run.phase === 'completed' ? VERDICTS[run.verdict] : PHASES[run.phase]
}

export function scheduleFace({ state, held }: { state: 'active' | 'paused'; held: string | null }): Face {
  return SCHEDULES[state === 'active' && held !== null ? 'held' : state]
}

/** While nothing holds it up. */
const ON_ITS_WAY = 'It is saved here, and being pushed; it is in git once the branch has been read back.'

export function SyncChip(props: { sync: SyncState; note?: string | null; commit?: string | null }) {
  const commit = props.sync === 'in-git' && props.commit ? props.commit.slice(0, 7) : null
  const note = props.note ?? (props.sync === 'waiting-for-git' ? ON_ITS_WAY : null)
  return <Chip face={SYNC_STATES[props.sync]} note={note} detail={commit} />
}
