import { isDnsLabel } from '../domain/index.ts'
import { AppError } from '../platform/index.ts'
import { insertProject } from '../store/accounts/write.ts'
import type { Desk } from './desk.ts'

export interface NewProject {
  /** DNS label; it is part of paths in git, and never changes */
  id: string
  name: string
  /** user id */
  owner: string
}

export async function createProject(desk: Desk, { id, name, owner }: NewProject): Promise<{ createdAt: Date }> {
  if (!isDnsLabel(id)) {
    throw new AppError({
      code: 'accounts/bad-project-id',
      kind: 'invalid',
      message: 'A project id has 1 to 63 characters of a-z, 0-9 and "-", and neither begins nor ends with "-".'
    })
  }
  const createdAt = desk.clock.now()
  if (await insertProject(desk.store.db, { id, name, createdAt }, owner)) return { createdAt }
  throw new AppError({
    code: 'accounts/project-exists',
    kind: 'clash',
    message: `There is a project with the id ${id} already; choose another id.`
  })
}
