import { Card, Page } from '../../ui/page.tsx'

export function WorkflowPage() {
  return (
    <Page title="Workflow">
      <Card>…</Card>
    </Page>
  )
}
