import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Gitops } from '../../../contract/index.ts'
import { useMay } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import { OpenEdits } from '../workflow/open-edits.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { DisableDialog } from './disable-dialog.tsx'
import { ExplainCard } from './explain-card.tsx'
import { FilesCard } from './files-card.tsx'
import { PassList } from './pass-list.tsx'
import { PauseButton } from './pause-button.tsx'
import { PushCard } from './push-card.tsx'
import { useOpenEdits } from './queries.ts'
import { SchedulesCard } from './schedules-card.tsx'
import { SyncStatus } from './sync-status.tsx'
import { WebhookCard } from './webhook-card.tsx'
import { WithheldCard } from './withheld-card.tsx'

/** First what is, which is asked every day; then what was chosen, which hardly changes. */
export function GitopsOn({ gitops }: { gitops: Gitops }) {
  const { manage } = useMay()
  const [disabling, { open, close }] = useDisclosure(false)
  return (
    <>
      <Card title="Workflows live in a git repository">
        <SyncStatus
          gitops={gitops}
          actions={
            manage ? (
              <>
                <PauseButton gitops={gitops} />
                <Button size="xs" variant="default" onClick={open}>
                  Turn off…
                </Button>
              </>
            ) : null
          }
        />
      </Card>
      <WithheldCard items={gitops.sync.withheld} />
      <WaitingEdits />
      <FilesCard />
      <PassList />
      <ExplainCard gitops={gitops} />
      <ConnectionCard gitops={gitops} />
      <WebhookCard gitops={gitops} />
      <PushCard gitops={gitops} />
      <SchedulesCard gitops={gitops} />
      <DisableDialog gitops={gitops} opened={disabling} onClose={close} />
    </>
  )
}

function WaitingEdits() {
  const { data } = useOpenEdits()
  return data ? <OpenEdits edits={data.items} named /> : null
}
