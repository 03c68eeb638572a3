import type { Command } from 'commander'
import { type Env, exitWith, type Output, outputOption, print } from './command-line.ts'
import { EXIT } from './exit-codes.ts'

interface RevertOptions extends Output {
  kubeconfig: string
  namespace?: string
  dryRun: boolean
  allowKubeconfigExec: boolean
}

/** `faultline revert`: for whoever has a cluster and nothing else. */
export function addRevertCommand(program: Command, env: Env): void {
  program
    .command('revert')
    .description('undo what faults have left in a cluster, without a server or an agent')
    .requiredOption('--kubeconfig <file>', "of the cluster of the file's current context")
    .option('--namespace <name>', 'undo records of this namespace alone; of all if not said')
    .option('--dry-run', 'show what would be undone', false)
    .option('--allow-kubeconfig-exec', 'the program that the kubeconfig names to sign in is run, as you', false)
    .addOption(outputOption())
    .addHelpText('after', '\nHarm that an agent is doing now ends with it.')
    .action(({ kubeconfig, namespace, dryRun, allowKubeconfigExec, output }: RevertOptions) =>
      exitWith(output, async () => {
        const { printReverted, revert } = await import('./revert-command.ts')
        const reverted = await revert({
          kubeconfig,
          namespace: namespace ?? null,
          dryRun,
          program: allowKubeconfigExec ? env : null
        })
        print(output === 'json' ? JSON.stringify(reverted, null, 2) : printReverted(reverted))
        return reverted.injections.some(({ outcome }) => outcome === 'leaked') ? EXIT.failed : EXIT.ok
      })
    )
}
