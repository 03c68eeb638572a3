import { Card, Page } from '../../ui/page.tsx'

export function RunsPage() {
  return (
    <Page title="Runs">
      <Card>…</Card>
    </Page>
  )
}
