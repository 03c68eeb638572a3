import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ApprovalOutcome } from '../domain/index.ts'
import { type Env, exitWith, type Output, outputOption, print, screenOf, usage } from './command-line.ts'
import { EXIT } from './exit-codes.ts'
import { REPORT_FORMATS, type ReportFormat } from './report-command.ts'
import type { RunResult, Surroundings } from './run-command.ts'
import { ServerClient } from './server-client.ts'
import { clientSettings } from './settings.ts'
import { FORMATS, type Format } from './validate.ts'

/** The commands that pipelines use: `validate`, `plan`, `run`, `stop`, `approve`, `reject`, `report`, `status`, `sync`. Their exit codes are a promise. */
export function addPipelineCommands(program: Command, env: Env): void {
  addValidate(program)
  addRun(program, env)
  addStop(program, env)
  addDecisions(program, env)
  addReport(program, env)
  addSync(program, env)
  addPlan(program, env)
}

function addValidate(program: Command): void {
  program
    .command('validate <file...>')
    .description('judge workflow files as the server would, without one; folders are searched, - is standard input')
    .addOption(new Option('-o, --output <format>', 'how to tell it').choices(FORMATS).default('text'))
    .action((files: string[], { output }: { output: Format }) =>
      exitWith(output, async () => {
        const { catalogue } = await import('./catalogue.ts')
        const { printValidated, validateFiles } = await import('./validate.ts')
        const judged = await validateFiles(files, catalogue)
        print(printValidated(judged, output))
        return judged.every(({ valid }) => valid) ? EXIT.ok : EXIT.failed
      })
    )
}

interface RunOptions extends Output {
  project: string
  param: Record<string, string>
  infrastructure?: string
  wait: boolean
  minScore?: number
  junit?: string
  timeout: number
}

function addRun(program: Command, env: Env): void {
  program
    .command('run <workflow>')
    .description('ask the server for a run')
    .requiredOption('-p, --project <project>', 'that the workflow belongs to')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the run; may be repeated')
        .argParser(parameter)
        .default({}, 'none')
    )
    .option('-i, --infrastructure <name>', 'where it runs, if not where the workflow says')
    .option('-w, --wait', 'wait for its end and judge it; Ctrl-C stops the run and waits for its recovery', false)
    .option(
      '--min-score <score>',
      'with --wait: the least resilience score, 0 to 100, instead of the verdict',
      upTo(100)
    )
    .option('--timeout <seconds>', 'a run that takes longer is stopped', upTo(604_800), 3600)
    .option('--junit <file>', 'with --wait: where to write a report as JUnit XML')
    .addOption(outputOption())
    .action((workflow: string, options: RunOptions) =>
      exitWith(options.output, async () => {
        const waits = options.minScore !== undefined || options.junit !== undefined
        if (waits && !options.wait) throw usage('--min-score and --junit need --wait.')
        const { runWorkflow } = await import('./run-command.ts')
        const { writeJunit } = await import('./report-command.ts')
        const { project, param: parameters, wait, infrastructure = null, minScore = null } = options
        const wish = { workflow, project, parameters, wait, infrastructure, minScore, timeoutSeconds: options.timeout }
        const here = surroundings(env)
        const result = await runWorkflow(wish, here)
        const exitCode = printRun(result, options)
        if (options.junit !== undefined) await writeJunit({ ...options, file: options.junit }, result, here.client)
        return exitCode
      })
    )
}

function addStop(program: Command, env: Env): void {
  program
    .command('stop [run]')
    .description('stop a run and wait for its recovery, or everything')
    .option('--all', 'the kill switch of the server: stop every run of every project, and let none start', false)
    .option('-p, --project <project>', 'that the run belongs to')
    .option('--reason <text>', 'shown with the run', 'stopped at the command line')
    .addOption(outputOption())
    .action((id: string | undefined, options: Output & { project?: string; reason: string; all: boolean }) =>
      exitWith(options.output, async () => {
        const { stopAll, stopRun } = await import('./stop-command.ts')
        const { project = null, reason, all } = options
        if (all === (id !== undefined) || (all && project !== null))
          throw usage('Give a run, or --all for every run of every project.')
        if (id === undefined) {
          const document = await stopAll(reason, surroundings(env))
          const told =
            'Every run is told to stop, and none starts until an admin releases the kill switch of the server.'
          print(options.output === 'json' ? JSON.stringify(document, null, 2) : told)
          return EXIT.ok
        }
        return printRun(await stopRun({ id, project, reason }, surroundings(env)), options)
      })
    )
}

function addDecisions(program: Command, env: Env): void {
  const add = (name: 'approve' | 'reject', outcome: ApprovalOutcome, description: string) =>
    program
      .command(`${name} <run>`)
      .description(description)
      .option('-p, --project <project>', 'that the run belongs to')
      .option('--step <step>', 'that is meant, where several wait')
      .option('--reason <text>', 'shown with the run')
      .addOption(outputOption())
      .action((id: string, options: Output & { project?: string; step?: string; reason?: string }) =>
        exitWith(options.output, async () => {
          const { decide } = await import('./decide-command.ts')
          const { project = null, step = null, reason = null } = options
          const client = serverClient(env)
          const { run, sentence } = await decide({ id, project, step, outcome, reason }, client)
          print(options.output === 'json' ? JSON.stringify(run, null, 2) : sentence)
          return EXIT.ok
        })
      )
  add('approve', 'approved', 'let a run that waits for a person go on')
  add('reject', 'rejected', 'end the step that waits for a person, and what comes after it')
}

function addReport(program: Command, env: Env): void {
  program
    .command('report <run>')
    .description('the report of a run: to read, to compute with, or as tests of a pipeline')
    .option('-p, --project <project>', 'that the run belongs to')
    .addOption(new Option('-f, --format <format>', 'how to tell it').choices(REPORT_FORMATS).default('json'))
    .option('-o, --output <file>', 'where to write it, if not to standard output')
    .action((id: string, options: { project?: string; format: ReportFormat; output?: string }) =>
      exitWith('text', async () => {
        const { fetchReport, writeReport } = await import('./report-command.ts')
        const { project = null, format, output } = options
        const text = await fetchReport({ id, project, format }, serverClient(env))
        if (output === undefined) print(text.trimEnd())
        else await writeReport(output, text)
        return EXIT.ok
      })
    )
}

function addSync(program: Command, env: Env): void {
  const add = (name: 'status' | 'sync', description: string) =>
    program
      .command(name)
      .description(description)
      .requiredOption('-p, --project <project>', 'that is meant')
      .addOption(outputOption())
      .action(({ project, output }: Output & { project: string }) =>
        exitWith(output, async () => {
          const { showStatus, syncNow } = await import('./sync-command.ts')
          const client = serverClient(env)
          const report = await (name === 'status' ? showStatus : syncNow)(client, project)
          print(output === 'json' ? JSON.stringify(report.document, null, 2) : report.lines.join('\n'))
          return report.exitCode
        })
      )
  add('status', 'whether git and the portal are the same, and what needs a person')
  add('sync', 'sync with git now, and say how it ended')
}

interface PlanOptions {
  project: string
  from?: string
  detailedExitCode: boolean
  output: Format
}

function addPlan(program: Command, env: Env): void {
  program
    .command('plan')
    .description('what the next sync pass would do, or a push of these files; nothing is changed')
    .requiredOption('-p, --project <project>', 'that is meant')
    .option('--from <folder>', 'a checkout of the repository: its files as if they were pushed, not what git has now')
    .option('--detailed-exit-code', 'end with 4 when it would change something, and with 0 when not', false)
    .addOption(new Option('-o, --output <format>', 'how to tell it').choices(FORMATS).default('text'))
    .action(({ project, from, detailedExitCode: detailed, output }: PlanOptions) =>
      exitWith(output, async () => {
        const { makePlan, printPlan } = await import('./plan-command.ts')
        const { plan, exitCode } = await makePlan(
          { project, from: from ?? null, detailed },
          { client: serverClient(env), screen: screenOf(env) }
        )
        print(output === 'json' ? JSON.stringify({ exitCode, ...plan }, null, 2) : printPlan(plan, output))
        return exitCode
      })
    )
}

/** Warns where the token can be read on its way. */
export function serverClient(env: Env): ServerClient {
  const client = new ServerClient(clientSettings(env))
  if (client.isExposed) screenOf(env).write('warning: the token travels over plain http, where others can read it\n')
  return client
}

/** Of a command that has something to end when it is interrupted. */
function surroundings(env: Env): Surroundings {
  const client = serverClient(env)
  const interruption = new AbortController()
  const interrupt = () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted)
    interruption.abort()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  return { client, screen: screenOf(env), interrupted: interruption.signal }
}

function printRun({ exitCode, sentence, run, id }: RunResult, { output }: Output): number {
  const document = { id, exitCode, sentence, run }
  print(output === 'json' ? JSON.stringify(document, null, 2) : run === null ? id : sentence)
  return exitCode
}

function parameter(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new InvalidArgumentError('Give it as name=value.')
  return { ...before, [name]: value }
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,7}$/.test(text) && Number(text) <= most) return Number(text)
    throw new InvalidArgumentError(`Give a whole number from 0 to ${most}.`)
  }
}
