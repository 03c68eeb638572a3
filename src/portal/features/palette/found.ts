import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { RunSummary, WorkflowSummary } from '../../../contract/index.ts'
import { causeSentence } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { runFace } from '../../ui/chip.tsx'
import { sinceText } from '../../ui/time-text.ts'
import type { Followup } from './actions.ts'
import { isRunId, nameIn, type Offer } from './offer.ts'

const MOST_WORKFLOWS = 7
const MOST_RUNS = 30

interface Found {
  offers: Offer[]
  /** the server is still being asked */
  searching: boolean
  error: Error | null
}

/** What the server knows by these words: workflows by name and path, the newest runs, a run by its id, infrastructures. */
export function useFound(typed: string, onFollowup: (followup: Followup) => void): Found {
  const workflows = useWorkflowsLike(nameIn(typed))
  const runs = useNewestRuns()
  const run = useRunOfId(typed)
  const places = usePlaces()
  const workflowOffers = useWorkflowOffers(onFollowup)
  const { toRun, toPlaces } = useWays()
  const known = [...(run.data ? [run.data] : []), ...(runs.data?.items ?? [])]
  const once = known.filter(({ id }, place) => known.findIndex((other) => other.id === id) === place)
  return {
    offers: [
      ...(workflows.data?.items ?? []).filter(hasPage).flatMap(workflowOffers),
      ...once.map((one) => runOffer(one, () => toRun(one.id))),
      ...(places.data?.items ?? []).map(
        ({ id, name, connected }): Offer => ({
          key: `infrastructure ${id}`,
          group: 'Infrastructures',
          icon: 'server',
          label: name,
          detail: connected ? 'connected' : 'away',
          choose: toPlaces
        })
      )
    ],
    searching: workflows.isFetching || run.isFetching,
    error: workflows.error ?? runs.error ?? places.error
  }
}

function useWorkflowsLike(q: string) {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.workflows(project, q), 'palette'],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/workflows', {
        params: { project },
        query: { q: q === '' ? undefined : q.slice(0, 200), limit: MOST_WORKFLOWS },
        signal
      }),
    placeholderData: (before) => before
  })
}

function useNewestRuns() {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: [...keys.runs(project), 'palette'],
    queryFn: ({ signal }) =>
      api.call('GET /projects/:project/runs', { params: { project }, query: { limit: MOST_RUNS }, signal })
  })
}

/** A pasted id that is of no run of this project finds nothing, which is no error. */
function useRunOfId(typed: string) {
  const api = useApi()
  const project = useProject()
  const id = typed.trim()
  return useQuery({
    queryKey: keys.run(project, id),
    enabled: isRunId(id),
    retry: false,
    queryFn: ({ signal }) => api.call('GET /projects/:project/runs/:run', { params: { project, run: id }, signal })
  })
}

function usePlaces() {
  const api = useApi()
  const project = useProject()
  return useQuery({
    queryKey: keys.infrastructures(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/infrastructures', { params: { project }, signal })
  })
}

function useWays() {
  const project = useProject()
  const navigate = useNavigate()
  return {
    toRun: (run: string) => void navigate({ to: '/p/$project/runs/$run', params: { project, run } }),
    toPlaces: () => void navigate({ to: '/p/$project/infrastructures', params: { project } })
  }
}

/** To open it, to run it, to see its runs. */
function useWorkflowOffers(onFollowup: (followup: Followup) => void): (workflow: WorkflowSummary) => Offer[] {
  const project = useProject()
  const { edit } = useMay()
  const navigate = useNavigate()
  return ({ name, path, definition }) => {
    const params = { project, name }
    const open: Offer = {
      key: `workflow ${path}`,
      group: 'Workflows',
      icon: 'workflows',
      label: name,
      detail: path,
      choose: () => void navigate({ to: '/p/$project/workflows/$name', params })
    }
    const run: Offer = {
      key: `run ${path}`,
      group: 'Actions',
      icon: 'runs',
      label: `Run ${name}`,
      words: 'start execute',
      choose: () => onFollowup({ kind: 'run', workflow: name })
    }
    return edit && definition !== null ? [open, run] : [open]
  }
}

/** A bad file of which there is no good revision has none. */
function hasPage({ definition, sync }: WorkflowSummary): boolean {
  return definition !== null || sync !== 'invalid-in-git'
}

function runOffer(run: RunSummary, choose: () => void): Offer {
  const when = sinceText(Date.parse(run.createdAt), Date.now())
  return {
    key: `run of id ${run.id}`,
    group: 'Runs',
    icon: 'runs',
    label: `${run.workflow}, ${when}`,
    detail: runFace(run).word,
    words: `${run.id} runs ${run.infrastructure.name} ${causeSentence(run.cause)}`,
    choose
  }
}
