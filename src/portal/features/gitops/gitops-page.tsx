import { SettingsTabs } from '../../frame/settings-tabs.tsx'
import { CardSkeleton, Failed } from '../../ui/blank.tsx'
import { Page } from '../../ui/page.tsx'
import { GitopsOff } from './gitops-off.tsx'
import { GitopsOn } from './gitops-on.tsx'
import { useGitops } from './queries.ts'

export function GitopsPage() {
  return (
    <Page title="Settings">
      <SettingsTabs />
      <Content />
    </Page>
  )
}

function Content() {
  const query = useGitops()
  if (query.isPending) return <CardSkeleton />
  if (query.isError) return <Failed what="GitOps" error={query.error} onRetry={() => void query.refetch()} />
  return query.data.enabled ? <GitopsOn gitops={query.data} /> : <GitopsOff gitops={query.data} />
}
