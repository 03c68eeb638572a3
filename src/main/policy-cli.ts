import { type Command, Option } from 'commander'
import { CHANGE_KINDS, type ChangeKind } from '../domain/index.ts'
import { type Env, exitWith, type Output, outputOption, print, usage } from './command-line.ts'
import { EXIT } from './exit-codes.ts'
import { serverClient } from './pipeline-cli.ts'

interface TestOptions extends Output {
  change: string[]
  event: ChangeKind
  infrastructure: string
}

interface SimulateOptions extends Output {
  project: string
  change?: string[]
  stored?: string
  policy?: string
  event: ChangeKind
  infrastructure?: string
}

/** `faultline policy`: what event policies make of a change, without anything being started. */
export function addPolicyCommands(program: Command, env: Env): void {
  const policy = program.command('policy').description('what event policies make of a change; nothing is started')
  policy
    .command('test <file>')
    .description('judge a policy of a file by a change, without a server')
    .requiredOption('-c, --change <manifest...>', 'the workload as it was and as it is: two files')
    .addOption(eventOption())
    .option('-i, --infrastructure <name>', 'where the workload is taken to be', 'local')
    .addOption(outputOption())
    .action((file: string, { change, event, infrastructure, output }: TestOptions) =>
      exitWith(output, async () => {
        const { printTested, testPolicy } = await import('./policy-command.ts')
        const [before, after] = twoFiles(change)
        const tested = await testPolicy({ file, before, after, kind: event, infrastructure })
        print(output === 'json' ? JSON.stringify(tested, null, 2) : printTested(tested))
        return tested.matched ? EXIT.ok : EXIT.failed
      })
    )
  addSimulate(policy, env)
}

function addSimulate(policy: Command, env: Env): void {
  policy
    .command('simulate')
    .description('ask the server what the policies of a project make of a change, and what holds them back now')
    .requiredOption('-p, --project <project>', 'that is meant')
    .option('-c, --change <manifest...>', 'the workload as it was and as it is: two files')
    .option('-s, --stored <id>', 'a change that the server has seen, instead of --change')
    .option('--policy <file>', 'a policy that is not saved yet, judged as well')
    .addOption(eventOption())
    .option('-i, --infrastructure <name>', 'with --change: where the workload is taken to be')
    .addOption(outputOption())
    .action((options: SimulateOptions) =>
      exitWith(options.output, async () => {
        const { printSimulation, simulate } = await import('./policy-command.ts')
        const { change, stored, output, event } = options
        if ((change === undefined) === (stored === undefined)) throw usage('Give either --change or --stored.')
        const pasted = change === undefined ? null : twoFiles(change)
        const simulation = await simulate({ ...options, event, pasted }, serverClient(env))
        print(output === 'json' ? JSON.stringify(simulation, null, 2) : printSimulation(simulation))
        return simulation.policies.some(({ matched }) => matched?.matched === true) ? EXIT.ok : EXIT.failed
      })
    )
}

function eventOption(): Option {
  return new Option('-e, --event <event>', 'what happened').choices(CHANGE_KINDS).default('changed')
}

function twoFiles(files: readonly string[]): [string, string] {
  const [before, after, third] = files
  if (before !== undefined && after !== undefined && third === undefined) return [before, after]
  throw usage('--change takes two files: the workload as it was, and as it is.')
}
