import { Option } from 'commander'
import { AppError, toAppError } from '../platform/index.ts'
import { EXIT } from './exit-codes.ts'
import { describe } from './lifetime.ts'

/** What the commands that end by themselves have in common: how they tell, and how they exit. */
export type Output = { output: 'text' | 'json' }

/** An error of the command itself ends as usage, all others as "could not run". */
export async function exitWith(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`)
    process.exitCode = toAppError(error).kind === 'invalid' ? EXIT.usage : EXIT.notRun
  }
}

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to tell it').choices(['text', 'json']).default('text')
}

export function usage(message: string): AppError {
  return new AppError({ code: 'main/usage', kind: 'invalid', message })
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
