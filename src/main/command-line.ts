import { Option } from 'commander'
import { AppError, toAppError } from '../platform/index.ts'
import { EXIT } from './exit-codes.ts'
import { describe } from './lifetime.ts'
import type { Screen } from './run-progress.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** What the commands that end by themselves have in common: how they tell, and how they exit. */
export type Output = { output: 'text' | 'json' }

/**
 * An error of the command itself ends as usage, all others as "could not run". It is told on standard error; whoever asked
 * for JSON gets it on standard output as well, so that there is always one document, with `error` where it failed.
 */
export async function exitWith(output: string, command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`)
    const { kind, code, message } = toAppError(error)
    const exitCode = kind === 'invalid' ? EXIT.usage : EXIT.notRun
    process.exitCode = exitCode
    if (output === 'json') printError({ exitCode, code, message })
  }
}

/** An error for a program that reads standard output. */
export function printError({ exitCode, ...error }: { exitCode: number; code: string; message: string }): void {
  print(JSON.stringify({ exitCode, error }, null, 2))
}

/** Whether JSON is asked for, of arguments that could not be read as a command. */
export function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) => /^(--output=|-o=?)json$/.test(word) || (/^(--output|-o)$/.test(word) && argv[at + 1] === 'json')
  )
}

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to tell it').choices(['text', 'json']).default('text')
}

/** Progress goes to standard error: to people at a terminal, or line by line into a log. */
export function screenOf(env: Env): Screen {
  return {
    isTerminal: process.stderr.isTTY === true && env.CI === undefined,
    write: (text) => void process.stderr.write(text)
  }
}

export function usage(message: string): AppError {
  return new AppError({ code: 'main/usage', kind: 'invalid', message })
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
