import { AppError } from '../platform/index.ts'
import { type GrantChange, grantInfrastructure, withdrawInfrastructure } from '../store/accounts/write.ts'
import { listServerPlaces, type ServerPlace } from '../store/index.ts'
import { CONNECTED_MS } from './agents.ts'
import type { Desk } from './desk.ts'
import { busy, unknownPlace } from './infrastructure-refusals.ts'

export interface ListedServerPlace extends ServerPlace {
  connected: boolean
}

/**
 * Infrastructures belong to the server: its admins say which projects may use them. Rejects with
 * `accounts/unknown-infrastructure`, `accounts/unknown-project`, `accounts/local-serves-one`,
 * `accounts/manages-infrastructure`, `accounts/infrastructure-busy`.
 */
export interface Grants {
  /** all in use, by name; `after`: the last name shown */
  ofServer(page: { limit: number; after?: string | undefined }): Promise<ListedServerPlace[]>
  /** changed: false, it was granted before */
  grant(id: string, project: string): Promise<{ place: ListedServerPlace; changed: boolean }>
  /** changed: false, it was not granted */
  withdraw(id: string, project: string): Promise<{ place: ListedServerPlace; changed: boolean }>
}

export function createGrants(desk: Desk): Grants {
  const { db } = desk.store
  return {
    ofServer: (page) => list(desk, page),
    grant: (id, project) => settled(desk, { id, project }, grantInfrastructure(db, { id, projectId: project })),
    withdraw: (id, project) => settled(desk, { id, project }, withdrawInfrastructure(db, { id, projectId: project }))
  }
}

async function list(desk: Desk, page: Parameters<typeof listServerPlaces>[1]): Promise<ListedServerPlace[]> {
  const since = desk.clock.now().getTime() - CONNECTED_MS
  const places = await listServerPlaces(desk.store.db, page)
  return places.map((place) => ({ ...place, connected: place.seenAt !== null && place.seenAt.getTime() >= since }))
}

async function settled(desk: Desk, { id, project }: { id: string; project: string }, change: Promise<GrantChange>) {
  const ended = await change
  if (ended.kind !== 'done') throw refused(ended, project)
  const [place] = await list(desk, { id, limit: 1 })
  if (place === undefined) throw unknownPlace()
  return { place, changed: ended.changed }
}

function refused(change: Exclude<GrantChange, { kind: 'done' }>, project: string): AppError {
  if (change.kind === 'missing') return unknownPlace()
  if (change.kind === 'busy') return busy(change.name, change.runs, null)
  if (change.kind === 'no-project') {
    const message = `There is no project with the id ${project}.`
    return new AppError({ code: 'accounts/unknown-project', kind: 'missing', message })
  }
  if (change.kind === 'local') {
    const message = `${change.name} is a local infrastructure, and a local infrastructure serves one project. Add one of its own for ${project}.`
    return new AppError({ code: 'accounts/local-serves-one', kind: 'clash', message })
  }
  const message = `${project} manages ${change.name}: it is not withdrawn from it. An owner of ${project} can remove it.`
  return new AppError({ code: 'accounts/manages-infrastructure', kind: 'clash', message })
}
