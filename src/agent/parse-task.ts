import type { AgentTask } from '../contract/index.ts'
import { AppError } from '../platform/index.ts'

/** Ids become names of files: nothing else is let in. */
const ID = /^[A-Za-z0-9-]{1,64}$/

/** A task as the server sent it, its outer form checked; the engine judges the plan's content again before any harm. */
export function parseTask(value: unknown): AgentTask {
  const task = fields(value)
  if (task !== null && typeof task.run === 'string' && ID.test(task.run)) {
    if (task.kind === 'stop' && typeof task.reason === 'string') return task as unknown as AgentTask
    if (task.kind === 'approval') return { kind: 'approval', run: task.run }
    if (task.kind === 'run' && isRun(task)) return task as unknown as AgentTask
  }
  const message = 'The server gave a task that this agent does not understand. Are both of the same release?'
  throw new AppError({ code: 'agent/bad-task', kind: 'transient', message })
}

function isRun(task: Fields): boolean {
  const plan = fields(task.plan)
  const guardrails = fields(task.guardrails)
  return (
    Number.isInteger(task.lease) &&
    Number.isInteger(task.lastSeq) &&
    typeof task.resumed === 'boolean' &&
    plan !== null &&
    Array.isArray(plan.steps) &&
    guardrails !== null &&
    Array.isArray(guardrails.allowedNamespaces) &&
    typeof guardrails.maxTargets === 'number' &&
    typeof guardrails.maxDurationSeconds === 'number'
  )
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}
