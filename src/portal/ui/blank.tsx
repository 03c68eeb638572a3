import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { messageOf } from '../client/problem-error.ts'
import classes from './blank.module.css'
import { Icon } from './icon.tsx'
import { Strata } from './strata.tsx'

/** What this is for, and the one next step. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <Strata height={96} />
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  )
}

/** What happened, where, and what to do. */
export function Failed({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  return (
    <div className={classes.failed} role="alert">
      <Icon name="alert" size={20} />
      <div>
        <strong>{what} could not be read.</strong>
        <p>{messageOf(error)}</p>
        {onRetry ? (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </div>
    </div>
  )
}

/** The shape of a list that comes. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className={classes.rows} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((row) => (
        <div key={row} className={classes.row}>
          <Skeleton height={12} width="34%" />
          <Skeleton height={20} width={92} radius="xl" />
          <Skeleton height={12} width="18%" />
        </div>
      ))}
    </div>
  )
}

/** The shape of a card that comes. */
export function CardSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div className={classes.card}>
      <div className={classes.cardHead}>
        <Skeleton height={13} width={128} />
      </div>
      <ListSkeleton rows={rows} />
    </div>
  )
}
