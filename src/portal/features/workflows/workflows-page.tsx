import { Card, Page } from '../../ui/page.tsx'

export function WorkflowsPage() {
  return (
    <Page title="Workflows">
      <Card>…</Card>
    </Page>
  )
}
