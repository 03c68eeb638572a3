import { useQuery } from '@tanstack/react-query'
import type { Overview } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import { CardSkeleton, Failed } from '../../ui/blank.tsx'
import { Page } from '../../ui/page.tsx'
import { AttentionCard } from './attention-card.tsx'
import { ChangesCard } from './changes-card.tsx'
import { Checklist } from './checklist.tsx'
import { GitCard } from './git-card.tsx'
import { LatestRunsCard } from './latest-runs-card.tsx'
import { LimitsCard } from './limits-card.tsx'
import classes from './overview.module.css'
import { overviewWords } from './overview-words.ts'
import { StartsCard } from './starts-card.tsx'
import { TrendCard } from './trend-card.tsx'

export function OverviewPage() {
  const api = useApi()
  const project = useProject()
  const query = useQuery({
    queryKey: keys.overview(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/overview', { params: { project }, signal })
  })
  return (
    <Page title="Overview" lead={query.data?.checklist.firstRun ? overviewWords(query.data) : null}>
      {query.isPending ? <Loading /> : null}
      {query.isError ? <Failed what="The overview" error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? <Content overview={query.data} /> : null}
    </Page>
  )
}

/** A project without a run is on its way there; afterwards the four questions are answered. */
function Content({ overview }: { overview: Overview }) {
  if (!overview.checklist.firstRun) {
    return (
      <>
        <AttentionCard overview={overview} />
        <Checklist overview={overview} />
      </>
    )
  }
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <AttentionCard overview={overview} />
        <LatestRunsCard active={overview.active} recent={overview.recent} />
        <ChangesCard changes={overview.changes} />
      </div>
      <div className={classes.column}>
        <GitCard gitops={overview.gitops} />
        <StartsCard schedules={overview.schedules} />
        <TrendCard workflows={overview.workflows} />
        <LimitsCard overview={overview} />
      </div>
    </div>
  )
}

function Loading() {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <CardSkeleton rows={3} />
        <CardSkeleton rows={3} />
      </div>
      <div className={classes.column}>
        <CardSkeleton rows={2} />
        <CardSkeleton rows={2} />
      </div>
    </div>
  )
}
