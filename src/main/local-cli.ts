import { type Command, InvalidArgumentError } from 'commander'
import { localClient } from '../local/index.ts'
import { type Env, exitWith, type Output, outputOption, print } from './command-line.ts'
import { EXIT } from './exit-codes.ts'
import { applyFiles, parseImages, parseWorkload, printApplied } from './local-command.ts'
import { followRollout, printLogs } from './local-follow.ts'
import { agentSettings } from './settings.ts'

type Folder = () => string
type Named = Output & { namespace: string }

const EXAMPLES = `
Objects are named kind/name: deployment/cart, statefulset/db, daemonset/log, service/cart, pod/db-0 (deploy, sts, ds, svc, po
for short). All commands speak to the agent whose folder FAULTLINE_AGENT_FOLDER names, through its own socket.

  faultline local apply -f shop.yaml
  faultline local get -n shop
  faultline local set image statefulset/db db=shop/db:v2 -n shop
  faultline local rollout status statefulset/db -n shop
  faultline local logs -f statefulset/db --tail 20 -n shop
  faultline local scale deployment/cart --replicas 3 -n shop
  faultline local delete statefulset/db --with-data -n shop`

/** `faultline local …`: speaks to the agent of this machine through its socket. */
export function addLocal(program: Command, env: Env): void {
  const folder = () => agentSettings(env).folder
  const local = program
    .command('local')
    .description('workloads of the local infrastructure')
    .addHelpText('after', EXAMPLES)
  addApply(local, folder)
  addGet(local, folder)
  addLogs(local, folder)
  addScale(local, folder)
  addSetImage(local, folder)
  addRollout(local, folder)
  addDelete(local, folder)
}

function addApply(local: Command, folder: Folder): void {
  local
    .command('apply')
    .description('create or change Deployments, StatefulSets, DaemonSets and Services: all of them, or none')
    .requiredOption('-f, --filename <file...>', 'manifests as YAML; - is standard input')
    .addOption(outputOption())
    .action(({ filename, output }: Output & { filename: string[] }) =>
      exitWith(output, async () => {
        const results = await applyFiles(folder(), filename)
        print(output === 'json' ? JSON.stringify(results, null, 2) : printApplied(results))
        return EXIT.ok
      })
    )
}

function addGet(local: Command, folder: Folder): void {
  named(local.command('get [kind] [name]'))
    .description('show workloads, pods and Services')
    .option('-A, --all-namespaces', 'of all namespaces', false)
    .action((kind: string | undefined, name: string | undefined, options: Named & { allNamespaces: boolean }) =>
      exitWith(options.output, async () => {
        const { printObjects } = await import('./local-table.ts')
        const objects = await localClient(folder()).get({
          ...(kind !== undefined && { kind }),
          ...(name !== undefined && { name }),
          ...(!options.allNamespaces && { namespace: options.namespace })
        })
        print(options.output === 'json' ? JSON.stringify(objects, null, 2) : printObjects(objects))
        return EXIT.ok
      })
    )
}

interface LogOptions extends Output {
  namespace: string
  container?: string
  tail?: number
  follow: boolean
}

function addLogs(local: Command, folder: Folder): void {
  local
    .command('logs <pod>')
    .description("print a container's output: of a pod by its name, or of one pod of kind/name")
    .option('-n, --namespace <namespace>', 'of the pod', 'default')
    .option('-c, --container <container>', 'which one of the pod; the first one where nothing is said')
    .option('--tail <lines>', 'so many of the last lines; all that are kept where nothing is said', count)
    .option('-f, --follow', 'go on with each new line until the pod is gone', false)
    .addOption(outputOption())
    .action((pod: string, options: LogOptions) =>
      exitWith(options.output, () => printLogs(localClient(folder()), { ...options, pod }))
    )
}

function addScale(local: Command, folder: Folder): void {
  named(local.command('scale <workload>'))
    .description('change how many pods a Deployment or StatefulSet has')
    .requiredOption('--replicas <number>', 'how many pods', count)
    .action((workload: string, options: Named & { replicas: number }) =>
      change(workload, { options, done: `scaled to ${options.replicas}` }, (ref) =>
        localClient(folder()).scale({ ...ref, replicas: options.replicas })
      )
    )
}

function addSetImage(local: Command, folder: Folder): void {
  const set = local.command('set').description('change a workload')
  named(set.command('image <workload> <container=image...>'))
    .description('roll out another image: deployment/cart cart=shop/cart:v2')
    .action((workload: string, images: string[], options: Named) =>
      change(workload, { options, done: 'image updated' }, (ref) =>
        localClient(folder()).setImage({ ...ref, images: parseImages(images) })
      )
    )
}

function addRollout(local: Command, folder: Folder): void {
  const rollout = local.command('rollout').description('follow or begin a rollout')
  named(rollout.command('status <workload>'))
    .description('wait until the rollout is healthy; ends with 1 when it has failed, with 3 when it takes too long')
    .option('--timeout <seconds>', 'the longest wait', count, 600)
    .action((workload: string, { namespace, output, timeout }: Named & { timeout: number }) =>
      exitWith(output, () =>
        followRollout(localClient(folder()), { ...parseWorkload(workload), namespace }, { output, timeout })
      )
    )
  named(rollout.command('restart <workload>'))
    .description('replace all pods by new ones of the same template, as a rollout')
    .action((workload: string, options: Named) =>
      change(workload, { options, done: 'restarted' }, (ref) => localClient(folder()).restart(ref))
    )
}

function addDelete(local: Command, folder: Folder): void {
  named(local.command('delete <object...>'))
    .description('remove workloads and Services, and wait until their pods are gone; a deleted pod is replaced')
    .option('--with-data', 'also what the pods of a StatefulSet have kept; it stays otherwise', false)
    .action((objects: string[], options: Named & { withData: boolean }) =>
      exitWith(options.output, async () => {
        const refs = objects.map((object) => ({ ...parseWorkload(object), namespace: options.namespace }))
        for (const ref of refs) {
          await localClient(folder()).delete({ ...ref, data: options.withData })
          if (options.output === 'text') tell(`${ref.kind}/${ref.name}`, { options, done: 'deleted' })
        }
        if (options.output === 'json')
          print(JSON.stringify(refs.map(({ kind, name }) => ({ object: `${kind}/${name}`, action: 'deleted' }))))
        return EXIT.ok
      })
    )
}

interface Told {
  options: Output
  done: string
}

async function change(
  workload: string,
  told: Told & { options: Named },
  work: (ref: { kind: string; namespace: string; name: string }) => Promise<void>
): Promise<void> {
  await exitWith(told.options.output, async () => {
    await work({ ...parseWorkload(workload), namespace: told.options.namespace })
    tell(workload, told)
    return EXIT.ok
  })
}

function tell(object: string, { options, done }: Told): void {
  print(options.output === 'json' ? JSON.stringify({ object, action: done }) : `${object} ${done}`)
}

function named(command: Command): Command {
  return command.option('-n, --namespace <namespace>', 'of the object', 'default').addOption(outputOption())
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
