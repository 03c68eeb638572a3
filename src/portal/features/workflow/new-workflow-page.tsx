import { Card, Page } from '../../ui/page.tsx'

export function NewWorkflowPage() {
  return (
    <Page title="New workflow">
      <Card>…</Card>
    </Page>
  )
}
