import { CommandBlock } from '../../ui/command-block.tsx'
import classes from './infrastructures.module.css'

/** How the agent of a machine is started, and workloads are brought there. */
export function LocalSteps({ token }: { token: string }) {
  const command = [
    `FAULTLINE_SERVER_URL=${window.location.origin}`,
    `FAULTLINE_AGENT_TOKEN=${token}`,
    'npx faultline agent --local'
  ].join(' \\\n  ')
  return (
    <>
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
    </>
  )
}
