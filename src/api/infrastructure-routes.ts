import { engineSetting, type ListedInfrastructure, type ListedServerPlace, type NamedState } from '../accounts/index.ts'
import type {
  EngineChoice,
  Infrastructure,
  InfrastructureBody,
  InfrastructureChange,
  ServerInfrastructure
} from '../contract/index.ts'
import { placeNamed, readWatchedKind, WATCHED_KIND_FORM } from '../domain/index.ts'
import { agentManifest, agentNamespace } from '../manifest/index.ts'
import { AppError } from '../platform/index.ts'
import type { ApiOptions, Call, Handlers } from './context.ts'
import { pageOf, pageRequest, textsCursor } from './page.ts'
import { record } from './record.ts'
import { project, unknown } from './run-routes.ts'
import { iso } from './view-run.ts'

export const infrastructureRoutes: Handlers<
  | 'listInfrastructures'
  | 'createInfrastructure'
  | 'changeInfrastructure'
  | 'removeInfrastructure'
  | 'renewRegistration'
  | 'chooseDefaultInfrastructure'
> = {
  listInfrastructures: async (call, api) => ({
    body: { items: await infrastructuresOf(api, project(call)), next: null }
  }),

  createInfrastructure: async (call, api) => {
    const {
      name,
      kind,
      environment = 'non-prod',
      namespace = null,
      nodeFaults = false,
      watch = [],
      ...wish
    } = call.body as InfrastructureBody
    if (namespace !== null && kind !== 'kubernetes') throw noNamespace(kind)
    if (nodeFaults) mayHaveNodes({ kind, namespace })
    mayWatch(kind, watch)
    const engine = engineSetting(wish.engine ?? { kind: 'builtin' }, { kind, namespace })
    const place = { name, kind, environment, namespace, nodeFaults, watch, engine }
    const created = await api.accounts.together(async (accounts) => {
      const made = await accounts.infrastructures.create({ ...place, project: project(call) })
      const said = {
        ...(namespace !== null && { namespace }),
        ...(nodeFaults && { nodeFaults }),
        ...(watch.length > 0 && { watch })
      }
      const after = { kind, environment, ...said, ...(wish.engine && { engine }) }
      await record(call, accounts, { action: 'infrastructure.create', project: project(call), target: name, after })
      return made
    })
    return { status: 201, body: await withToken(call, api, created) }
  },

  changeInfrastructure: async (call, api) => {
    const place = await asked(call, api)
    const { id } = place
    const { engine, ...wish } = call.body as InfrastructureChange
    if (wish.nodeFaults) mayHaveNodes(place)
    const change = { ...wish, ...(engine && { engine: engineSetting(engine, place) }) }
    await api.accounts.together(async (accounts) => {
      const { before, after } = await accounts.infrastructures.change({ project: project(call), id }, change)
      const states = { before: stateOf(before, engine), after: stateOf(after, engine) }
      const entry = { action: 'infrastructure.change', project: project(call), target: before.name }
      await record(call, accounts, { ...entry, ...states })
    })
    return { body: await infrastructureOf(call, api, id) }
  },

  removeInfrastructure: async (call, api) => {
    const { id } = await asked(call, api)
    await api.accounts.together(async (accounts) => {
      const { before } = await accounts.infrastructures.remove({ project: project(call), id })
      const entry = { action: 'infrastructure.remove', project: project(call), target: before.name }
      await record(call, accounts, { ...entry, before: stateOf(before) })
    })
    return { status: 204 }
  },

  renewRegistration: async (call, api) => {
    const { id, name } = await asked(call, api)
    const registrationToken = await api.accounts.together(async (accounts) => {
      const token = await accounts.infrastructures.newToken({ project: project(call), id })
      await record(call, accounts, { action: 'infrastructure.new-token', project: project(call), target: name })
      return token
    })
    return { status: 201, body: await withToken(call, api, { id, registrationToken }) }
  },

  chooseDefaultInfrastructure: async (call, api) => {
    const { id, name } = await asked(call, api)
    await api.accounts.together(async (accounts) => {
      const { before } = await accounts.infrastructures.setDefault(project(call), id)
      const states = { before: { default: before }, after: { default: name } }
      const entry = { action: 'infrastructure.choose-default', project: project(call), target: name }
      await record(call, accounts, { ...entry, ...states })
    })
    return { body: await infrastructureOf(call, api, id) }
  }
}

/** the name */
const infrastructureCursor = textsCursor(1)

/** What belongs to no project: for admins. */
export const grantRoutes: Handlers<'listServerInfrastructures' | 'grantInfrastructure' | 'withdrawInfrastructure'> = {
  listServerInfrastructures: async (call, { accounts }) => {
    const { limit, from } = pageRequest(call, infrastructureCursor)
    const rows = await accounts.infrastructures.ofServer({ limit: limit + 1, after: from?.[0] })
    return { body: pageOf(rows, { limit, key: ({ name }) => infrastructureCursor.write([name]), view: serverView }) }
  },

  grantInfrastructure: (call, api) => changeGrant(call, api, 'grant'),
  withdrawInfrastructure: (call, api) => changeGrant(call, api, 'withdraw')
}

async function changeGrant(call: Call, api: ApiOptions, action: 'grant' | 'withdraw') {
  const { infrastructure = '', grantee = '' } = call.params
  const place = await api.accounts.together(async (accounts) => {
    const { place, changed } = await accounts.infrastructures[action](infrastructure, grantee)
    const states = action === 'grant' ? { after: { grantee } } : { before: { grantee } }
    const entry = { action: `infrastructure.${action}`, project: grantee, target: place.name }
    if (changed) await record(call, accounts, { ...entry, ...states })
    return place
  })
  return { body: serverView(place) }
}

/** The place that the path means, by id, name or old name. */
async function asked(call: Call, api: ApiOptions): Promise<ListedInfrastructure> {
  const { infrastructure = '' } = call.params
  const found = placeNamed(await api.accounts.infrastructures.of(project(call)), infrastructure)
  if (found !== undefined) return found
  throw unknown('infrastructure', infrastructure.slice(0, 100))
}

async function infrastructureOf(call: Call, api: ApiOptions, id: string): Promise<Infrastructure | undefined> {
  return (await infrastructuresOf(api, project(call))).find((place) => place.id === id)
}

async function withToken(
  call: Call,
  api: ApiOptions,
  { id, registrationToken }: Awaited<ReturnType<ApiOptions['accounts']['infrastructures']['create']>>
) {
  const infrastructure = await infrastructureOf(call, api, id)
  const token = registrationToken.reveal()
  return { infrastructure, registrationToken: token, manifest: manifestOf(infrastructure, token, api) }
}

/** What starts its agent, where that is a cluster's: with the rights that the faults of this release need there. */
function manifestOf(place: Infrastructure | undefined, token: string, api: ApiOptions): string | null {
  if (place?.kind !== 'kubernetes') return null
  return agentManifest({
    namespace: agentNamespace(place.name),
    watched: place.namespace,
    nodeFaults: place.nodeFaults,
    watch: place.watch,
    faults: api.catalogue.faults,
    argo: place.engine.kind === 'argo' ? place.engine.namespace : null,
    server: api.publicUrl,
    image: api.agentImage,
    token
  })
}

/** Nodes are of no namespace, and a machine has none. */
function mayHaveNodes({ kind, namespace }: { kind: string; namespace: string | null }): void {
  if (kind === 'kubernetes' && namespace === null) return
  const message = 'Whole nodes are harmed only in a cluster that is observed as a whole: leave "nodeFaults" out.'
  throw new AppError({ code: 'api/no-nodes', kind: 'invalid', message })
}

/** A machine has no other kinds. */
function mayWatch(kind: string, watch: readonly string[]): void {
  const odd = watch.find((text) => readWatchedKind(text) === null)
  if (odd === undefined && (watch.length === 0 || kind === 'kubernetes')) return
  const message =
    odd === undefined
      ? `A ${kind} infrastructure has no further kinds: leave "watch" out.`
      : `"${odd.slice(0, 100)}" is no kind to watch: it is written ${WATCHED_KIND_FORM}.`
  throw new AppError({ code: 'api/no-such-kind', kind: 'invalid', message })
}

function noNamespace(kind: string): AppError {
  const message = `A ${kind} infrastructure is observed as a whole: leave "namespace" out.`
  return new AppError({ code: 'api/no-namespace', kind: 'invalid', message })
}

export async function infrastructuresOf(api: ApiOptions, projectId: string): Promise<Infrastructure[]> {
  const places = await api.accounts.infrastructures.of(projectId)
  return places.map(({ createdAt: _, seenAt, ...place }) => ({ ...place, seenAt: iso(seenAt) }))
}

/** `asked`: the engine that was asked for; if none was, it did not change. */
function stateOf({ name, environment, nodeFaults, engine }: NamedState, asked?: EngineChoice) {
  return { name, environment, ...(nodeFaults && { nodeFaults }), ...(asked && { engine }) }
}

function serverView({ seenAt, ...place }: ListedServerPlace): ServerInfrastructure {
  return { ...place, seenAt: iso(seenAt) }
}
