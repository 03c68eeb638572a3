import { CommandBlock } from '../../ui/command-block.tsx'
import classes from './infrastructures.module.css'

const LOOPBACK = /^(localhost|127\..*|\[::1\])$/

/** How the agent of a cluster is started: one command, with all that it makes there to be read first. */
export function ClusterSteps({ manifest }: { manifest: string }) {
  const command = `kubectl apply -f - <<'MANIFEST'\n${manifest.trimEnd()}\nMANIFEST`
  return (
    <>
      <p className={classes.text}>
        One command, where <code>kubectl</code> may make roles in that cluster. It makes a namespace for the agent, an
        account with the rights that faults need, and no more, and the agent. The token in it works once and is not
        shown again.
      </p>
      <div className={classes.manifest}>
        <CommandBlock what="the command with the manifest" text={command} />
      </div>
      {LOOPBACK.test(window.location.hostname) ? (
        <p className={classes.quiet}>
          This server is open on {window.location.host}, which no cluster reaches: give it an address with{' '}
          <code>FAULTLINE_PUBLIC_URL</code> first, or run the agent on this machine with a kubeconfig.
        </p>
      ) : null}
      <p className={classes.quiet}>
        The agent’s image must be where the cluster pulls from: <code>FAULTLINE_AGENT_IMAGE</code> names it.
      </p>
    </>
  )
}
