import { Button, Group } from '@mantine/core'
import type { SyncStatus } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { Chip, SYNC_STATES } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import { When } from '../../ui/when.tsx'
import classes from './gitops.module.css'
import { useAccept } from './queries.ts'

type Withheld = SyncStatus['withheld'][number]

const WORDS: Record<Withheld['kind'], { what: string; after: string; button: string }> = {
  deletions: {
    what: 'Many files are gone from git at once',
    after: 'Nothing was deleted here. Accept, and these workflows are deleted; or bring the files back in git.',
    button: 'Accept the deletions'
  },
  rewrite: {
    what: 'The history of the branch was rewritten',
    after: 'Accept, and the portal follows the new history. What was here stays in the revisions.',
    button: 'Accept the new history'
  },
  'missing-branch': {
    what: 'The branch is gone from git',
    after: 'Nothing was deleted here. Bring the branch back, or accept, and it is made anew from what is here.',
    button: 'Accept'
  },
  'missing-path': {
    what: 'The folder of this project is gone from git',
    after: 'Nothing was deleted here. Accept, and its workflows are deleted; or bring the folder back in git.',
    button: 'Accept the deletions'
  }
}

/** What waits for a person's approval, with the list; automatic runs of it are suspended meanwhile. */
export function WithheldCard({ items }: { items: readonly Withheld[] }) {
  const { manage } = useMay()
  const accept = useAccept()
  return items.map((item) => (
    <Card key={item.id} title={WORDS[item.kind].what} aside={<When at={item.createdAt} />}>
      <Group align="flex-start" justify="space-between" gap="md">
        <div className={classes.withheld}>
          <Chip face={SYNC_STATES.withheld} />
          <p>{WORDS[item.kind].after} Until then, automatic runs of these are suspended.</p>
          <ul>
            {item.paths.map((path) => (
              <li key={path}>
                <code>{path}</code>
              </li>
            ))}
          </ul>
        </div>
        {manage ? (
          <Button color="red.9" loading={accept.isPending} onClick={() => accept.mutate(item.id)}>
            {WORDS[item.kind].button}
          </Button>
        ) : null}
      </Group>
    </Card>
  ))
}
