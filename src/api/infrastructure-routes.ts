import type { Infrastructure } from '../contract/index.ts'
import type { ApiOptions, Handlers } from './context.ts'
import { project } from './run-routes.ts'
import { iso } from './view-run.ts'

export const infrastructureRoutes: Handlers<'listInfrastructures' | 'createInfrastructure'> = {
  listInfrastructures: async (call, api) => ({
    body: { items: await infrastructuresOf(api, project(call)), next: null }
  }),

  createInfrastructure: async (call, api) => {
    const body = call.body as { name: string; kind: 'local' | 'kubernetes'; environment?: 'prod' | 'non-prod' }
    const created = await api.accounts.createInfrastructure({
      name: body.name,
      kind: body.kind,
      environment: body.environment ?? 'non-prod',
      project: project(call)
    })
    await api.accounts.audit({
      actor: call.user.login,
      action: 'infrastructure.create',
      project: project(call),
      target: body.name,
      before: null,
      after: { kind: body.kind }
    })
    const infrastructure = (await infrastructuresOf(api, project(call))).find((place) => place.id === created.id)
    return { status: 201, body: { infrastructure, registrationToken: created.registrationToken.reveal() } }
  }
}

export async function infrastructuresOf(api: ApiOptions, projectId: string): Promise<Infrastructure[]> {
  const places = await api.accounts.infrastructuresOf(projectId)
  return places.map(({ id, name, kind, environment, isDefault, connected, seenAt, agentVersion, allowCommands }) => ({
    id,
    name,
    kind,
    environment,
    isDefault,
    connected,
    seenAt: iso(seenAt),
    agentVersion,
    allowCommands
  }))
}
