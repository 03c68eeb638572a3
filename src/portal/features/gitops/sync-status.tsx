import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Gitops } from '../../../contract/index.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Chip, SYNC_STATUS } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import { Icon } from '../../ui/icon.tsx'
import { When } from '../../ui/when.tsx'
import classes from './gitops.module.css'
import { useSyncNow } from './queries.ts'
import { HOST_KEY_PLACE } from './typed-settings.ts'

/** Is git and the portal the same: repository, tip, state and why, when last looked. */
export function SyncStatus({ gitops, actions }: { gitops: Gitops; actions?: ReactNode }) {
  const { sync, url, branch } = gitops
  const syncNow = useSyncNow()
  const { edit } = useMay()
  return (
    <div className={classes.status}>
      <div className={classes.line}>
        <Chip face={SYNC_STATUS[sync.status]} />
        <span className={classes.repository}>
          <strong>{url.replace(/^\w+:\/\//, '').replace(/\.git$/, '')}</strong>
          <span>
            <Icon name="branch" size={13} /> {branch}
          </span>
        </span>
        <span className={classes.buttons}>
          {edit && sync.paused === null ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<Icon name="sync" size={13} />}
              loading={syncNow.isPending}
              onClick={() => syncNow.mutate()}
            >
              Sync now
            </Button>
          ) : null}
          {actions}
        </span>
      </div>
      {sync.paused ? <Paused {...sync.paused} /> : sync.message ? <Why sync={sync} /> : null}
      {sync.tip ? (
        <div className={classes.tip}>
          <Icon name="commit" />
          <Commit id={sync.tip.commit} />
          <span>{sync.tip.subject}</span>
          <small>
            {sync.tip.author}, <When at={sync.tip.at} />
          </small>
        </div>
      ) : null}
      <Moments gitops={gitops} />
    </div>
  )
}

const CAUSES = { ours: 'This is on our side.', yours: 'This needs you:' }

function Why({ sync }: { sync: Gitops['sync'] }) {
  return (
    <p className={classes.why} data-status={sync.status} role={sync.status === 'stalled' ? 'alert' : undefined}>
      {sync.cause === null ? null : <b>{CAUSES[sync.cause]} </b>}
      {sync.message}
      {sync.code?.startsWith('git/host-key') ? <ToHostKey /> : null}
    </p>
  )
}

function Paused({ by, at }: NonNullable<Gitops['sync']['paused']>) {
  return (
    <p className={classes.why} data-status="paused">
      <b>
        Paused by {by}, <When at={at} />.
      </b>{' '}
      Git is not looked at and nothing is pushed. Edits are kept and wait; automatic runs are suspended, runs by hand
      are not.
    </p>
  )
}

function ToHostKey() {
  const project = useProject()
  return (
    <>
      {' '}
      <Link to="/p/$project/settings/gitops" params={{ project }} hash={HOST_KEY_PLACE}>
        Look at the host key
      </Link>
    </>
  )
}

function Moments({ gitops: { sync } }: { gitops: Gitops }) {
  return (
    <p className={classes.moments}>
      {sync.syncedAt ? (
        <span>
          synced <When at={sync.syncedAt} />
        </span>
      ) : (
        <span>not synced yet</span>
      )}
      {sync.checkedAt ? (
        <span>
          looked at git <When at={sync.checkedAt} />
        </span>
      ) : null}
      {sync.nextCheckAt ? (
        <span>
          next look <When at={sync.nextCheckAt} />
        </span>
      ) : null}
      {sync.openEdits > 0 ? (
        <span>
          {sync.openEdits} {sync.openEdits === 1 ? 'edit waits' : 'edits wait'} for git
        </span>
      ) : null}
    </p>
  )
}
