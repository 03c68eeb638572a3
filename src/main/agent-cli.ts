import { type Command, InvalidArgumentError, Option } from 'commander'
import { readWatchedKind, WATCHED_KIND_FORM, type WatchedKind } from '../domain/index.ts'
import { agentSettings } from './settings.ts'

interface AgentOptions {
  local: boolean
  kubeconfig?: string
  namespace?: string
  watch: readonly WatchedKind[]
  allowCommands: boolean
  allowKubeconfigExec: boolean
  withParent: boolean
}

/** `faultline agent`: it loads no code of the server. */
export function addAgent(program: Command): void {
  program
    .command('agent')
    .description('run an agent of an infrastructure: of this machine, or of a cluster')
    .option('--local', 'of this machine: workloads are processes', false)
    .addOption(new Option('--kubeconfig <file>', "of the cluster of the file's current context").conflicts('local'))
    .addOption(
      new Option('--namespace <name>', 'observe this namespace alone; of the cluster, all if not said').conflicts(
        'local'
      )
    )
    .addOption(
      new Option(
        '--watch <kind...>',
        'of the cluster: further kinds to observe, each GROUP/VERSION/KIND[:path.to.template]'
      )
        .argParser(watchedKinds)
        .default([], 'none')
        .conflicts('local')
    )
    .option(
      '--allow-commands',
      'probes of workflows may run commands here, as the user of the agent; of a cluster: make and delete objects',
      false
    )
    .option(
      '--allow-kubeconfig-exec',
      'with --kubeconfig: the program that it names to sign in (aws, gke-gcloud-auth-plugin, kubelogin) is run, as the user of the agent',
      false
    )
    .option('--with-parent', 'end when standard input ends', false)
    .addHelpText(
      'after',
      '\nIn a pod, with neither --local nor --kubeconfig, it is the agent of the cluster that the pod is in.'
    )
    .action(run)
}

async function run(options: AgentOptions, command: Command): Promise<void> {
  const { local, kubeconfig, allowCommands } = options
  const { KUBERNETES_SERVICE_HOST: host } = process.env
  if (!local && kubeconfig === undefined && host === undefined)
    command.error('error: say which infrastructure: --local, or --kubeconfig FILE')
  const { runAgent } = await import('./agent.ts')
  process.exitCode = await runAgent({
    allowCommands,
    withParent: options.withParent,
    cluster: local ? null : clusterPlace(options),
    settings: agentSettings(process.env),
    path: process.env.PATH ?? ''
  })
}

function clusterPlace({ kubeconfig, namespace, watch, allowCommands, allowKubeconfigExec }: AgentOptions) {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env
  return {
    kubeconfig: kubeconfig ?? null,
    namespace: namespace ?? null,
    further: watch,
    host,
    port,
    program: allowKubeconfigExec ? process.env : null,
    allowCommands
  }
}

function watchedKinds(text: string, before: readonly WatchedKind[]): WatchedKind[] {
  const kind = readWatchedKind(text)
  if (kind === null) throw new InvalidArgumentError(`It is written ${WATCHED_KIND_FORM}.`)
  return [...before, kind]
}
