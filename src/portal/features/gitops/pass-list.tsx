import { useInfiniteQuery } from '@tanstack/react-query'
import type { Pass } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { Failed, ListSkeleton } from '../../ui/blank.tsx'
import { Chip, type Face } from '../../ui/chip.tsx'
import { Commit } from '../../ui/copy.tsx'
import { Card } from '../../ui/page.tsx'
import { ShowOlder } from '../../ui/show-older.tsx'
import { When } from '../../ui/when.tsx'
import classes from './gitops.module.css'

const OUTCOMES: Record<Pass['outcome'], Face> = {
  changed: { word: 'Changed', icon: 'check', tone: 'pass' },
  failed: { word: 'Failed', icon: 'alert', tone: 'fail' },
  withheld: { word: 'Withheld', icon: 'hold', tone: 'wait' }
}

/** What each pass did, newest first; passes that found nothing to do are not kept. */
export function PassList() {
  const api = useApi()
  const project = useProject()
  const query = useInfiniteQuery({
    queryKey: keys.passes(project),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /projects/:project/gitops/passes', {
        params: { project },
        query: { cursor: pageParam, limit: 20 },
        signal
      }),
    getNextPageParam: (page) => page.next ?? undefined
  })
  return (
    <Card title="History of passes" flush>
      {query.isPending ? <ListSkeleton rows={3} /> : null}
      {query.isError ? <Failed what="The history" error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? <Passes passes={query.data.pages.flatMap((page) => page.items)} /> : null}
      <ShowOlder query={query} />
    </Card>
  )
}

function Passes({ passes }: { passes: readonly Pass[] }) {
  if (passes.length === 0) return <p className={classes.none}>No pass has changed anything yet.</p>
  return (
    <ul className={classes.passes}>
      {passes.map((pass) => (
        <li key={pass.id}>
          <div className={classes.passHead}>
            <Chip face={OUTCOMES[pass.outcome]} />
            {pass.tip ? <Commit id={pass.tip} /> : null}
            <span>{pass.message}</span>
            <small>
              <When at={pass.endedAt} />
            </small>
          </div>
          {pass.items.map(({ path, action, note }) => (
            <div key={`${path} ${action}`} className={classes.passItem}>
              <b>{action}</b> <code>{path}</code> {note}
            </div>
          ))}
        </li>
      ))}
    </ul>
  )
}
