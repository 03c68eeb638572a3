import type { WorkloadChange } from '../../src/contract/index.ts'
import type { ApiClient } from '../../src/demo/api-client.ts'

/** All changes of a project with what was decided of them, page by page. */
export async function allChanges(api: ApiClient, project: string): Promise<WorkloadChange[]> {
  const changes: WorkloadChange[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: { items: WorkloadChange[]; next: string | null } = await api.get(
      `/projects/${project}/changes?limit=200${query}`
    )
    changes.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return changes
}
