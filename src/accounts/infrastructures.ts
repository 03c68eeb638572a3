import type { EngineSetting } from '../domain/index.ts'
import { AppError, newId, newToken, Secret } from '../platform/index.ts'
import {
  changeInfrastructure,
  insertInfrastructure,
  type PlaceChange,
  type PlaceOrder,
  removeInfrastructure,
  renewRegistration,
  setDefaultInfrastructure
} from '../store/accounts/write.ts'
import { type InfrastructureRow, infrastructuresOf } from '../store/index.ts'
import { CONNECTED_MS } from './agents.ts'
import type { Desk } from './desk.ts'
import { createGrants, type Grants } from './grants.ts'
import { busy, taken, unknownPlace } from './infrastructure-refusals.ts'
import { tokenHash } from './password.ts'

export interface NewInfrastructure {
  /** DNS label, unique on this server, also among old names */
  name: string
  kind: 'local' | 'kubernetes'
  environment: 'prod' | 'non-prod'
  /** of a cluster: the only one that its agent observes */
  namespace?: string | null
  /** runs of the project may harm whole nodes */
  nodeFaults?: boolean
  /** builtin if not said */
  engine?: EngineSetting
  /** of a cluster: kinds beside Deployment, StatefulSet and DaemonSet that its agent observes */
  watch?: readonly string[]
  /** that manages it; its first one becomes the default */
  project: string
}

export interface ListedInfrastructure extends InfrastructureRow {
  connected: boolean
}

export interface ManagedPlace {
  /** that manages it */
  project: string
  id: string
}

export interface NamedState {
  name: string
  environment: 'prod' | 'non-prod'
  engine: EngineSetting
  aliases: string[]
  nodeFaults: boolean
}

/**
 * Places where runs happen. Rejects with `accounts/unknown-infrastructure`, `accounts/infrastructure-exists`,
 * `accounts/managed-elsewhere`, `accounts/infrastructure-busy` (details.runs).
 */
export interface Infrastructures extends Grants {
  /** in use and granted to the project, by name; connected = seen within 45 s */
  of(project: string): Promise<ListedInfrastructure[]>
  /** the token registers one agent, once */
  create(place: NewInfrastructure): Promise<{ id: string; registrationToken: Secret }>
  /** what is left out stays; the name before becomes an alias */
  change(
    place: ManagedPlace,
    wish: { name?: string; environment?: 'prod' | 'non-prod'; nodeFaults?: boolean; engine?: EngineSetting }
  ): Promise<{ before: NamedState; after: NamedState }>
  /** runs and history stay; its agent is told and ends */
  remove(place: ManagedPlace): Promise<{ before: NamedState }>
  /** for an agent whose key is lost; the key before ends when the token is used */
  newToken(place: ManagedPlace): Promise<Secret>
  /** where runs go that say nothing else; answers the name of the one before */
  setDefault(project: string, id: string): Promise<{ before: string | null }>
}

export function createInfrastructures(desk: Desk): Infrastructures {
  const { db } = desk.store
  return {
    ...createGrants(desk),
    of: (project) => list(desk, project),
    create: (place) => create(desk, place),
    change: async (place, wish) => done(await changeInfrastructure(db, { ...order(place), ...wish }), wish.name ?? ''),
    remove: async (place) => {
      const change = await removeInfrastructure(db, { ...order(place), now: desk.clock.now() })
      if (change.kind === 'busy') throw busy(change.name, change.runs, place.project)
      return done(change)
    },
    newToken: async (place) => {
      const token = newToken()
      done(await renewRegistration(db, { ...order(place), registrationHash: tokenHash(token) }))
      return new Secret(token)
    },
    setDefault: async (project, id) => {
      const change = await setDefaultInfrastructure(db, { projectId: project, id })
      if (change.kind === 'missing') throw unknownPlace()
      return change
    }
  }
}

async function create(
  desk: Desk,
  { project, engine = { kind: 'builtin' }, ...place }: NewInfrastructure
): Promise<{ id: string; registrationToken: Secret }> {
  const now = desk.clock.now()
  const token = newToken()
  const row = {
    ...place,
    engine: JSON.stringify(engine),
    watch: JSON.stringify(place.watch ?? []),
    id: newId(now),
    createdAt: now,
    registrationHash: tokenHash(token),
    agentVersion: null,
    allowCommands: false,
    seenAt: null
  }
  const inserted = await insertInfrastructure(desk.store.db, row, project)
  if (inserted.kind === 'taken') throw taken(place.name, inserted.by)
  return { id: row.id, registrationToken: new Secret(token) }
}

async function list(desk: Desk, project: string): Promise<ListedInfrastructure[]> {
  const since = desk.clock.now().getTime() - CONNECTED_MS
  const places = await infrastructuresOf(desk.store.db, project)
  return places.map((place) => ({ ...place, connected: place.seenAt !== null && place.seenAt.getTime() >= since }))
}

function order({ project, id }: ManagedPlace): PlaceOrder {
  return { projectId: project, id }
}

function done(change: PlaceChange, wished = ''): { before: NamedState; after: NamedState } {
  if (change.kind === 'done') return change
  if (change.kind === 'taken') throw taken(wished, change.by)
  if (change.kind === 'missing') throw unknownPlace()
  const message = `${change.name} is managed by the project that added it: only its owners may do this.`
  throw new AppError({ code: 'accounts/managed-elsewhere', kind: 'denied', message })
}
