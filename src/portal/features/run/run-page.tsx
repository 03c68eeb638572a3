import { Card, Page } from '../../ui/page.tsx'

export function RunPage() {
  return (
    <Page title="Run">
      <Card>…</Card>
    </Page>
  )
}
