import { Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Infrastructure } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { Failed } from '../../ui/blank.tsx'
import { Card } from '../../ui/page.tsx'
import classes from './guardrails.module.css'

/** Where probes may run commands, or change a cluster: to be seen here, and set where the agent is started. */
export function CommandsCard() {
  const api = useApi()
  const project = useProject()
  const query = useQuery({
    queryKey: keys.infrastructures(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/infrastructures', { params: { project }, signal })
  })
  return (
    <Card title="Commands of probes">
      <Stack maw={560} gap="xs">
        {query.isPending ? <Skeleton height={48} radius="md" /> : null}
        {query.isError ? (
          <Failed what="The infrastructures" error={query.error} onRetry={() => void query.refetch()} />
        ) : null}
        {query.data ? <p className={classes.text}>{sentence(query.data.items)}</p> : null}
        <p className={classes.quiet}>
          A cmdProbe of a workflow runs a command, a k8sProbe may make or delete objects. A run that does is refused
          where its agent was not started with <code className={classes.flag}>--allow-commands</code>; nobody can allow
          it from here.
        </p>
      </Stack>
    </Card>
  )
}

function sentence(places: readonly Infrastructure[]): string {
  const names = places.filter((place) => place.allowCommands).map((place) => place.name)
  if (names.length === 0) return 'No infrastructure of this project lets workflows run commands.'
  return `Workflows may run commands on ${names.join(', ')}, as the user of the agent there; on a cluster, make and delete objects.`
}
