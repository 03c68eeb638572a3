import { findAsked, namespaceForbidden, type Tx } from '../store/trigger/write.ts'

/** The workflow that is asked for because of a workload in this namespace, or why it may not be started. */
export async function allowedWorkflow(
  tx: Tx,
  { projectId, workflow, namespace }: { projectId: string; workflow: string; namespace: string }
): Promise<{ ok: true; id: string; name: string } | { ok: false; reason: string }> {
  const no = (reason: string) => ({ ok: false as const, reason })
  const found = await findAsked(tx, projectId, workflow)
  if (found === undefined) return no(`Project ${projectId} has no workflow ${workflow}.`)
  if (found.suspended !== null) return no(`Automatic runs of ${found.name} are suspended: ${found.suspended}`)
  const forbidden = await namespaceForbidden(tx, projectId, namespace)
  if (forbidden !== null) return no(`A guardrail forbids it: ${forbidden}.`)
  return { ok: true, id: found.id, name: found.name }
}
