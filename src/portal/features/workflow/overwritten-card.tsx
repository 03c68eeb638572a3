import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { Workflow } from '../../../contract/index.ts'
import { Commit } from '../../ui/copy.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import { RevisionDialog } from './revision-dialog.tsx'
import classes from './workflow.module.css'

interface OverwrittenCardProps {
  name: string
  edit: NonNullable<Workflow['overwritten']>
}

/** An edit that had reached git was rewritten there by somebody else: by whom, and what both did. */
export function OverwrittenCard({ name, edit: { revision, author, message, by } }: OverwrittenCardProps) {
  const [shown, setShown] = useState<number | null>(null)
  return (
    <Card title="An edit was overwritten in git" aside={<When at={by.at} />}>
      <Group justify="space-between" gap="md">
        <div className={classes.editWords}>
          <strong>{message ?? `Revision ${revision}`}</strong>
          <span>
            of {author}, overwritten in git by {by.author}
            {by.commit === null ? null : (
              <>
                , commit <Commit id={by.commit} />
              </>
            )}
          </span>
        </div>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setShown(revision)}>
            What the edit changed
          </Button>
          <Button size="xs" variant="default" onClick={() => setShown(by.revision)}>
            What overwrote it
          </Button>
        </Group>
      </Group>
      <p className={classes.hint}>
        The text of git runs. Restore the edit from what it changed, or edit the workflow, and this is settled.
      </p>
      <RevisionDialog name={name} number={shown} onClose={() => setShown(null)} />
    </Card>
  )
}
