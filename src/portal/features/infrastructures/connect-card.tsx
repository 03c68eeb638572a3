import { Button, Group, Loader } from '@mantine/core'
import type { CreatedInfrastructure } from '../../../contract/index.ts'
import { Chip, CONNECTION } from '../../ui/chip.tsx'
import { Card } from '../../ui/page.tsx'
import { ClusterSteps } from './cluster-steps.tsx'
import classes from './infrastructures.module.css'
import { LocalSteps } from './local-steps.tsx'

interface ConnectCardProps {
  created: CreatedInfrastructure
  connected: boolean
  onClose: () => void
}

/** The command that starts the agent, with its token, which is shown only here; then whether it has come. */
export function ConnectCard({ created, connected, onClose }: ConnectCardProps) {
  const { infrastructure, registrationToken, manifest } = created
  return (
    <Card title={`Connect ${infrastructure.name}`} aside={<Awaited connected={connected} />}>
      {manifest === null ? <LocalSteps token={registrationToken} /> : <ClusterSteps manifest={manifest} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {connected ? 'Done' : 'Hide the token'}
        </Button>
      </Group>
    </Card>
  )
}

function Awaited({ connected }: { connected: boolean }) {
  return (
    <output className={classes.awaited}>
      {connected ? (
        <Chip face={CONNECTION.connected} />
      ) : (
        <>
          <Loader size={12} aria-hidden="true" /> Waiting for the agent…
        </>
      )}
    </output>
  )
}
