import { Command } from 'commander'
import { localClient } from '../local/index.ts'
import { applyFiles, parseImages, parseWorkload } from './local-command.ts'
import { agentSettings } from './settings.ts'

type Env = Readonly<Record<string, string | undefined>>

/** `faultline local apply | get | set image`: speaks to the agent of this machine through its socket. */
export function localCommand(env: Env): Command {
  const folder = () => agentSettings(env).folder
  const local = new Command('local').description('workloads of the local infrastructure')

  local
    .command('apply')
    .description('create or change Deployments and Services')
    .requiredOption('-f, --filename <file...>', 'manifests as YAML; - is standard input')
    .action(async (options: { filename: string[] }) => {
      for (const line of await applyFiles(folder(), options.filename)) print(line)
    })

  local
    .command('get [kind] [name]')
    .description('show Deployments, pods and Services')
    .option('-n, --namespace <namespace>', 'of the objects', 'default')
    .option('-A, --all-namespaces', 'of all namespaces', false)
    .option('-o, --output <format>', 'table or json', 'table')
    .action(
      async (
        kind: string | undefined,
        name: string | undefined,
        options: { namespace: string; allNamespaces: boolean; output: string }
      ) => {
        const { printObjects } = await import('./local-table.ts')
        const objects = await localClient(folder()).get({
          ...(kind !== undefined && { kind }),
          ...(name !== undefined && { name }),
          ...(!options.allNamespaces && { namespace: options.namespace })
        })
        print(options.output === 'json' ? JSON.stringify(objects, null, 2) : printObjects(objects))
      }
    )

  local
    .command('set')
    .description('change a workload')
    .command('image <workload> <container=image...>')
    .description('roll out another image: deployment/cart cart=shop/cart:v2')
    .option('-n, --namespace <namespace>', 'of the workload', 'default')
    .action(async (workload: string, images: string[], options: { namespace: string }) => {
      const { kind, name } = parseWorkload(workload)
      await localClient(folder()).setImage({ namespace: options.namespace, kind, name, images: parseImages(images) })
      print(`${kind}/${name} image updated`)
    })

  return local
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
