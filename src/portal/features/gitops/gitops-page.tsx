import { Card, Page } from '../../ui/page.tsx'

export function GitopsPage() {
  return (
    <Page title="GitOps">
      <Card>…</Card>
    </Page>
  )
}
