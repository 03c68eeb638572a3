import type { DefinitionKind } from '../../src/domain/index.ts'
import { systemClock } from '../../src/platform/index.ts'
import type { Store } from '../../src/store/index.ts'
import { noSettings } from '../../src/sync/no-settings.ts'

const AT = new Date('2026-01-01T00:00:00Z')

/** A project with one connected local infrastructure, as its default. */
export async function seedProject({ db }: Store, id: string): Promise<{ infrastructureId: string }> {
  const infrastructureId = `infra-${id}`
  await db.insertInto('projects').values({ id, name: id, createdAt: AT }).execute()
  await db
    .insertInto('infrastructures')
    .values({
      id: infrastructureId,
      name: `laptop-${id}`,
      kind: 'local',
      environment: 'non-prod',
      createdAt: AT,
      registrationHash: null,
      agentVersion: null,
      allowCommands: false,
      nodeFaults: false,
      seenAt: null
    })
    .execute()
  await db
    .insertInto('infrastructureGrants')
    .values({ infrastructureId, projectId: id, isDefault: true, manages: true })
    .execute()
  return { infrastructureId }
}

/** A workflow as a sync pass leaves it: one definition with one revision. */
export async function seedWorkflow(
  { db }: Store,
  workflow: { project: string; name: string; text: string; kind?: DefinitionKind }
): Promise<string> {
  const id = `def-${workflow.project}-${workflow.name}`
  const { project: projectId, name, text, kind = 'Workflow' } = workflow
  await db
    .insertInto('definitions')
    .values({
      id,
      projectId,
      kind,
      path: `litmus/${projectId}/${name}.yaml`,
      name,
      revision: 1,
      gitBlob: 'b'.repeat(40),
      gitCommit: 'c'.repeat(40),
      suspended: null,
      conflict: null,
      createdAt: AT,
      updatedAt: AT,
      deletedAt: null
    })
    .execute()
  await db
    .insertInto('revisions')
    .values({
      definitionId: id,
      number: 1,
      text,
      blob: 'b'.repeat(40),
      sha256: 'd'.repeat(64),
      author: 'Dana',
      origin: 'git',
      commit: 'c'.repeat(40),
      message: 'Add it',
      createdAt: AT
    })
    .execute()
  return id
}

/** GitOps settings of a project that has not turned it on, with some of them changed. */
export async function seedSettings(
  { db }: Store,
  { project, ...changed }: { project: string; activateSchedules: boolean }
): Promise<void> {
  await db
    .insertInto('gitopsSettings')
    .values({ ...noSettings({ clock: systemClock }, project), ...changed })
    .execute()
}
