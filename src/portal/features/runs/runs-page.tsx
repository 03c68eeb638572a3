import { useSearch } from '@tanstack/react-router'
import { useProject } from '../../frame/current.ts'
import { Card, Page } from '../../ui/page.tsx'
import { RunFilters } from './run-filters.tsx'
import { RunList } from './run-list.tsx'

export function RunsPage() {
  const project = useProject()
  const filter = useSearch({ from: '/signed-in/p/$project/runs' })
  return (
    <Page title="Runs">
      <Card flush>
        <RunFilters filter={filter} />
        <RunList project={project} filter={filter} />
      </Card>
    </Page>
  )
}
