import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunGuardrails } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'

/** The server's guardrails, narrowed by the agent's own file `guardrails.json` where there is one. A file that cannot be read allows nothing: rejects. */
export async function narrowedGuardrails(folder: string, given: RunGuardrails): Promise<RunGuardrails> {
  const path = join(folder, 'guardrails.json')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return given
    throw unreadable(path, error)
  }
  return narrow(given, parse(text, path))
}

/** Never wider than either. */
function narrow(given: RunGuardrails, own: Partial<RunGuardrails>): RunGuardrails {
  return {
    allowedNamespaces: common(given.allowedNamespaces, own.allowedNamespaces ?? ['*']),
    maxTargets: Math.min(given.maxTargets, own.maxTargets ?? given.maxTargets),
    maxDurationSeconds: Math.min(given.maxDurationSeconds, own.maxDurationSeconds ?? given.maxDurationSeconds),
    ...(given.nodeFaults === true && { nodeFaults: own.nodeFaults ?? true })
  }
}

function common(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.includes('*')) return other
  if (other.includes('*')) return one
  return one.filter((namespace) => other.includes(namespace))
}

function parse(text: string, path: string): Partial<RunGuardrails> {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const known = ['allowedNamespaces', 'maxTargets', 'maxDurationSeconds', 'nodeFaults']
    const fits =
      !Array.isArray(value) &&
      Object.keys(value).every((key) => known.includes(key)) &&
      (value.allowedNamespaces === undefined || isTexts(value.allowedNamespaces)) &&
      ['undefined', 'boolean'].includes(typeof value.nodeFaults) &&
      [value.maxTargets, value.maxDurationSeconds].every((limit) => limit === undefined || isLimit(limit))
    if (!fits) throw new Error(`known are ${known.join(', ')}`)
    return value as Partial<RunGuardrails>
  } catch (error) {
    throw unreadable(path, error)
  }
}

function isLimit(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function unreadable(path: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `The agent's own guardrails in ${path} cannot be read (${why}), so nothing is allowed. Mend or remove the file.`
  return new AppError({ code: 'agent/bad-guardrails', kind: 'stalled', message, cause })
}
