import { AppError } from '../platform/index.ts'
import type { LiveRun } from '../store/accounts/write.ts'

export function unknownPlace(): AppError {
  const message = 'There is no such infrastructure, or it is not granted to this project.'
  return new AppError({ code: 'accounts/unknown-infrastructure', kind: 'missing', message })
}

export function taken(name: string, by: string): AppError {
  const message =
    name === by
      ? `There is an infrastructure named ${name} on this server already; choose another name.`
      : `${name} is an old name of the infrastructure ${by}, and files may still name it so; choose another name.`
  return new AppError({ code: 'accounts/infrastructure-exists', kind: 'clash', message })
}

/** Runs of other projects are counted, and not named. `project` null: all may be named. */
export function busy(name: string, runs: readonly LiveRun[], project: string | null): AppError {
  const own = runs.filter(({ projectId }) => project === null || projectId === project)
  const named = own.map(({ workflow, id }) => `${workflow} (${id})`)
  const others = runs.length - own.length
  const all = [...named, ...(others === 0 ? [] : [`${others} of other projects`])].join(', ')
  const message = `Runs on ${name} have not ended: ${all}. Stop them, or wait until they have.`
  const details = { runs: own.map(({ id, workflow }) => ({ id, workflow })), others }
  return new AppError({ code: 'accounts/infrastructure-busy', kind: 'clash', message, details })
}
