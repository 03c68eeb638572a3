import { Argument, Command, type CommanderError } from 'commander'
import { addAdminCommands } from './admin-cli.ts'
import { addAgent } from './agent-cli.ts'
import { addBackupCommands } from './backup-cli.ts'
import { asksForJson, printError } from './command-line.ts'
import { completionScript, SHELLS, type Shell } from './completion.ts'
import { EXIT } from './exit-codes.ts'
import { describe } from './lifetime.ts'
import { addLocal } from './local-cli.ts'
import { addPipelineCommands } from './pipeline-cli.ts'
import { addPolicyCommands } from './policy-cli.ts'
import { addRevertCommand } from './revert-cli.ts'
import { serverSettings } from './settings.ts'
import { endWithNpm } from './starter.ts'
import { VERSION } from './version.ts'

/** Each command loads its own rooms: a short one starts quickly, and the agent runs no code of the server. */
async function main(): Promise<void> {
  endWithNpm(process.env)
  const program = new Command('faultline').description('Chaos engineering whose workflows live in git').version(VERSION)
  // inherited by the commands that are made from it
  program.exitOverride((error) => process.exit(endOfParsing(error, process.argv)))
  addServe(program)
  addAgent(program)
  addDemo(program)
  addPipelineCommands(program, process.env)
  addPolicyCommands(program, process.env)
  addRevertCommand(program, process.env)
  addLocal(program, process.env)
  addBackupCommands(program, process.env)
  addAdminCommands(program, process.env)
  addCompletion(program)
  await program.parseAsync()
}

/** What cannot be read as a command has been told on standard error; who asked for JSON gets that as well. */
function endOfParsing({ exitCode, code, message }: CommanderError, argv: readonly string[]): number {
  if (exitCode === 0) return EXIT.ok
  if (asksForJson(argv) && !code.startsWith('commander.help'))
    printError({ exitCode: EXIT.usage, code: 'main/usage', message: message.replace(/^error: /, '') })
  return EXIT.usage
}

function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the server: portal, API, sync with git')
    .option('--with-parent', 'end when standard input ends', false)
    .option('--demo', "the admin's first password need not be changed", false)
    .action(async (options: { withParent: boolean; demo: boolean }) => {
      const { serve } = await import('./serve.ts')
      process.exitCode = await serve({
        ...options,
        settings: serverSettings(process.env),
        path: process.env.PATH ?? ''
      })
    })
}

function addDemo(program: Command): void {
  program
    .command('demo')
    .description('start everything with a sample shop, and show what to try')
    .option('--scripted', 'play the whole story by itself and check it', false)
    .option('--port <port>', 'of the server', '7070')
    .action(async (options: { scripted: boolean; port: string }) => {
      const { runDemo } = await import('../demo/index.ts')
      process.exitCode = await runDemo({ scripted: options.scripted, port: Number(options.port), env: process.env })
    })
}

function addCompletion(program: Command): void {
  const shell = new Argument('<shell>', 'that reads the script').choices(SHELLS)
  program
    .command('completion')
    .description('print a script that completes these commands: source <(faultline completion bash)')
    .addArgument(shell)
    .action((name: Shell) => void process.stdout.write(completionScript(program, name)))
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${describe(error)}\n`)
  process.exitCode = 1
  // what reads it (--with-parent) would keep the process alive, though nothing was started
  process.stdin.destroy()
}
