import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { RunRequest } from '../../../contract/index.ts'
import type { ApiClient } from '../../client/api-client.ts'
import { useApi } from '../../client/api-context.tsx'
import { messageOf } from '../../client/problem-error.ts'
import { useProject } from '../../frame/current.ts'

const TRY_MS = 400
const TRIES = 25

export interface RunWish {
  workflow: string
  parameters?: Record<string, string>
  /** its id; else as the workflow says */
  infrastructure?: string
}

/** Asks for a run and opens its page once it is admitted. */
export function useStartRun() {
  const api = useApi()
  const project = useProject()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (wish: RunWish) => {
      const asked = await api.call('POST /projects/:project/runs', {
        params: { project },
        body: { ...wish, key: crypto.randomUUID() }
      })
      return untilAdmitted(api, project, asked)
    },
    onSuccess: async (request) => {
      if (request.run !== null) {
        await navigate({ to: '/p/$project/runs/$run', params: { project, run: request.run } })
      } else tell(request)
    },
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The run was not started', message: messageOf(error) })
  })
}

async function untilAdmitted(api: ApiClient, project: string, asked: RunRequest): Promise<RunRequest> {
  let request = asked
  for (let tries = 0; tries < TRIES && request.state === 'queued' && request.run === null; tries++) {
    await new Promise((resolve) => setTimeout(resolve, TRY_MS))
    request = await api.call('GET /projects/:project/run-requests/:request', {
      params: { project, request: asked.id }
    })
  }
  return request
}

function tell({ state, reason }: RunRequest): void {
  const waits = state === 'queued'
  notifications.show({
    color: waits ? 'petrol' : 'red',
    title: waits ? 'The run waits' : 'The run was refused',
    message: reason ?? (waits ? 'It starts as soon as its infrastructure is free; see Runs.' : 'No reason was given.')
  })
}
