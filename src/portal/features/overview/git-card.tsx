import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Gitops } from '../../../contract/index.ts'
import { useProject } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import { SyncStatus } from '../gitops/sync-status.tsx'
import classes from './overview.module.css'

/** Is git and the portal the same. */
export function GitCard({ gitops }: { gitops: Gitops }) {
  const project = useProject()
  if (gitops.enabled) {
    return (
      <Card title="Git">
        <SyncStatus gitops={gitops} />
      </Card>
    )
  }
  return (
    <Card title="Git">
      <p className={classes.lead}>
        Workflows are kept by this server alone. In a git repository they are reviewed, versioned and shared like code.
      </p>
      <Button component={Link} to="/p/$project/settings/gitops" params={{ project } as never} variant="default">
        Connect a repository
      </Button>
    </Card>
  )
}
