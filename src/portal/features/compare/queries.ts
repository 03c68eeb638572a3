import { useQuery } from '@tanstack/react-query'
import type { RunReport } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'

export interface Compared {
  a: RunReport
  b: RunReport
}

/** Both reports; without a first run, the one before the second of its workflow. Null: there is none before. */
export function useCompared(first: string | undefined, second: string) {
  const api = useApi()
  const project = useProject()
  const report = (run: string, signal: AbortSignal) =>
    api.call('GET /projects/:project/runs/:run/report.json', { params: { project, run }, signal })
  return useQuery({
    queryKey: [...keys.run(project, second), 'compared', first ?? 'before'],
    queryFn: async ({ signal }): Promise<Compared | null> => {
      const b = await report(second, signal)
      const { workflow } = b.run
      const query = { workflow, cursor: second, limit: 1 }
      const before =
        first ?? (await api.call('GET /projects/:project/runs', { params: { project }, query, signal })).items[0]?.id
      return before === undefined ? null : { a: await report(before, signal), b }
    }
  })
}

/** The texts that the two ran. */
export function useTexts({ a, b }: Compared) {
  const api = useApi()
  const project = useProject()
  const text = ({ run: { workflow: name, revision } }: RunReport) =>
    api.call('GET /projects/:project/workflows/:name/revisions/:number/manifest', {
      params: { project, name, number: String(revision) }
    })
  return useQuery({
    queryKey: [...keys.run(project, b.run.id), 'texts', a.run.id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [before, after] = await Promise.all([text(a), text(b)])
      return { before, after }
    }
  })
}
