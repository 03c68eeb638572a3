import { Card, Page } from '../../ui/page.tsx'

export function InfrastructuresPage() {
  return (
    <Page title="Infrastructures">
      <Card>…</Card>
    </Page>
  )
}
