import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { FaultCatalogue, Problem } from '../domain/index.ts'
import { parseDefinition } from '../manifest/index.ts'
import { AppError } from '../platform/index.ts'

export interface Validated {
  file: string
  valid: boolean
  problems: Problem[]
}

export const FORMATS = ['text', 'json', 'github'] as const
export type Format = (typeof FORMATS)[number]

/** Judges files as the server would; needs none. Folders are searched for `.yaml` and `.yml`; `-` is standard input. */
export async function validateFiles(paths: readonly string[], catalogue: FaultCatalogue): Promise<Validated[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat()
  if (files.length === 0) throw unreadable(paths.join(', '), 'there is no .yaml or .yml file in it')
  const judged: Validated[] = []
  for (const file of files) {
    const result = parseDefinition(await readManifest(file), { catalogue, ...(file !== '-' && { path: file }) })
    judged.push({ file, valid: result.ok, problems: result.problems })
  }
  return judged
}

/** `file:line:column: error: …` as compilers write it, one JSON document, or annotations of GitHub Actions. */
export function printValidated(files: readonly Validated[], format: Format): string {
  const valid = files.every((file) => file.valid)
  if (format === 'json') return JSON.stringify({ valid, files }, null, 2)
  const lines = files.flatMap(({ file, problems }) => problems.map((problem) => printProblem(file, problem, format)))
  const bad = files.filter((file) => !file.valid).length
  const many = files.length === 1 ? '1 file' : `${files.length} files`
  return [...lines, bad === 0 ? `${many}, valid` : `${many}, ${bad} not valid`].join('\n')
}

/** One problem where it is: a line as compilers write it, or an annotation of GitHub Actions. */
export function printProblem(file: string, problem: Problem, format: Exclude<Format, 'json'>): string {
  return format === 'github' ? annotation(file, problem) : compilerLine(file, problem)
}

function compilerLine(file: string, { line = 1, column = 1, severity, message, code }: Problem): string {
  return `${file}:${line}:${column}: ${severity}: ${message} (${code})`
}

function annotation(file: string, { line = 1, column = 1, severity, message, code }: Problem): string {
  const where = { file, line: String(line), col: String(column), title: code }
  const properties = Object.entries(where).map(([name, value]) => `${name}=${escaped(value).replace(/[:,]/g, percent)}`)
  return `::${severity} ${properties.join(',')}::${escaped(message)}`
}

function escaped(value: string): string {
  return value.replace(/[%\r\n]/g, percent)
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

async function filesOf(path: string): Promise<string[]> {
  if (path === '-') return [path]
  const found = await stat(path).catch((error: Error) => Promise.reject(unreadable(path, error.message)))
  if (!found.isDirectory()) return [path]
  const names = await readdir(path, { recursive: true })
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(path, name))
}

/** `-` is standard input. */
export async function readManifest(file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  return readFile(file, 'utf8').catch((error: Error) => Promise.reject(unreadable(file, error.message)))
}

function unreadable(file: string, reason: string): AppError {
  return new AppError({ code: 'main/no-file', kind: 'invalid', message: `${file} cannot be read: ${reason}` })
}
