import { Button, Group, Loader } from '@mantine/core'
import type { CreatedInfrastructure } from '../../../contract/index.ts'
import { Chip, CONNECTION } from '../../ui/chip.tsx'
import { CommandBlock } from '../../ui/command-block.tsx'
import { Card } from '../../ui/page.tsx'
import classes from './infrastructures.module.css'

interface ConnectCardProps {
  created: CreatedInfrastructure
  connected: boolean
  onClose: () => void
}

/** The command that starts the agent, with its token, which is shown only here; then whether it has come. */
export function ConnectCard({ created: { infrastructure, registrationToken }, connected, onClose }: ConnectCardProps) {
  const command = [
    `FAULTLINE_SERVER_URL=${window.location.origin}`,
    `FAULTLINE_AGENT_TOKEN=${registrationToken}`,
    'npx faultline agent --local'
  ].join(' \\\n  ')
  return (
    <Card title={`Connect ${infrastructure.name}`} aside={<Awaited connected={connected} />}>
      <p className={classes.text}>
        On that machine, in a checkout of Faultline. The token works once and is not shown again; afterwards{' '}
        <code>npx faultline agent --local</code> is enough.
      </p>
      <CommandBlock what="the agent's command" text={command} />
      <p className={classes.text}>
        Then bring your workloads; Deployments, StatefulSets, DaemonSets and Services as for Kubernetes:
      </p>
      <CommandBlock
        what="the workloads' commands"
        text={'npx faultline local apply -f workloads.yaml\nnpx faultline local get'}
      />
      <p className={classes.quiet}>
        A second agent on one machine needs a folder of its own: set <code>FAULTLINE_AGENT_FOLDER</code> for it and for
        its commands.
      </p>
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
