import { ActionIcon, Button, Checkbox, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { KillSwitch } from '../../contract/index.ts'
import { useApi } from '../client/api-context.tsx'
import { keys } from '../client/keys.ts'
import { Icon } from '../ui/icon.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { When } from '../ui/when.tsx'
import { useMay, useProject, useSession } from './current.ts'
import classes from './frame.module.css'

type Engaged = NonNullable<KillSwitch['engaged']>

/** In the top bar of every page: one click and a reason away, whatever is going on. */
export function KillSwitchButton() {
  const { may, here } = useMayEngage()
  const [asking, { open, close }] = useDisclosure(false)
  if (!may) return null
  return (
    <>
      <Tooltip label={here ? 'Kill switch: stop every run of this project' : 'Kill switch of the server'}>
        <ActionIcon variant="subtle" color="red" size="lg" aria-label="Kill switch" onClick={open}>
          <Icon name="stop" />
        </ActionIcon>
      </Tooltip>
      <EngageDialog opened={asking} here={here} onClose={close} />
    </>
  )
}

/** While one is on, that of the server or that of the project, every page says so, and why. */
export function KillSwitchNotice() {
  const { engaged, everywhere } = useKillSwitches()
  if (everywhere !== null) return <ServerNotice engaged={everywhere} />
  return engaged === null ? null : <ProjectNotice engaged={engaged} />
}

function ServerNotice({ engaged }: { engaged: Engaged }) {
  const { isAdmin } = useSession().user
  const api = useApi()
  const release = useMutation({ mutationFn: () => api.call('DELETE /kill-switch', {}), onSuccess: useSettle() })
  const act = isAdmin ? { pending: release.isPending, go: () => release.mutate() } : null
  return <Notice what="The kill switch of this server is on" engaged={engaged} where="in any project" release={act} />
}

function ProjectNotice({ engaged }: { engaged: Engaged }) {
  const { manage } = useMay()
  const project = useProject()
  const api = useApi()
  const release = useMutation({
    mutationFn: () => api.call('DELETE /projects/:project/kill-switch', { params: { project } }),
    onSuccess: useSettle()
  })
  const act = manage ? { pending: release.isPending, go: () => release.mutate() } : null
  return <Notice what="The kill switch is on" engaged={engaged} where="" release={act} />
}

interface NoticeProps {
  what: string
  engaged: Engaged
  where: string
  /** null: who looks may not */
  release: { pending: boolean; go: () => void } | null
}

function Notice({ what, engaged, where, release }: NoticeProps) {
  return (
    <output className={classes.killed}>
      <Icon name="stop" size={13} />
      <span>
        <b>{what}:</b> {engaged.reason} ({engaged.by}, <When at={engaged.at} />
        ). No run starts{where === '' ? '' : ` ${where}`}.
      </span>
      {release === null ? null : (
        <Button size="compact-xs" variant="default" loading={release.pending} onClick={release.go}>
          Release
        </Button>
      )}
    </output>
  )
}

interface EngageProps {
  opened: boolean
  /** that of the project may be engaged; else only that of the server */
  here: boolean
  onClose: () => void
}

/** `here`: that of the project may be engaged; else only that of the server, by its admin. */
export function useMayEngage(): { may: boolean; here: boolean } {
  const { edit } = useMay()
  const { isAdmin } = useSession().user
  const { engaged, everywhere } = useKillSwitches()
  const here = edit && engaged === null
  return { may: everywhere === null && (here || isAdmin), here }
}

export function EngageDialog({ opened, here, onClose }: EngageProps) {
  const project = useProject()
  const { isAdmin } = useSession().user
  const [everywhere, setEverywhere] = useState(false)
  const server = everywhere || !here
  const api = useApi()
  const settle = useSettle()
  const engage = useMutation({
    mutationFn: async (reason: string) => {
      const body = { reason }
      if (server) await api.call('PUT /kill-switch', { body })
      else await api.call('PUT /projects/:project/kill-switch', { params: { project }, body })
    },
    onSuccess: async () => {
      onClose()
      await settle()
    }
  })
  return (
    <ReasonDialog
      opened={opened}
      title={server ? 'Stop every run of this server' : 'Stop every run of this project'}
      placeholder="everybody will read it"
      required
      leave="Let them run"
      act="Stop everything"
      pending={engage.isPending}
      error={engage.error}
      onClose={onClose}
      onReason={(reason) => engage.mutate(reason)}
    >
      All runs stop and recover what they harm. None starts, by hand, by a release, by a push or by the clock, until{' '}
      {server ? 'an admin' : 'an owner'} releases the switch.
      {isAdmin && here ? (
        <Checkbox
          mt="sm"
          label="In every project of this server"
          checked={everywhere}
          onChange={(event) => setEverywhere(event.currentTarget.checked)}
        />
      ) : null}
    </ReasonDialog>
  )
}

function useKillSwitches(): KillSwitch {
  const api = useApi()
  const project = useProject()
  const { data } = useQuery({
    queryKey: keys.killSwitch(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/kill-switch', { params: { project }, signal })
  })
  return data ?? { engaged: null, everywhere: null }
}

function useSettle(): () => Promise<void> {
  const client = useQueryClient()
  const project = useProject()
  return () => client.invalidateQueries({ queryKey: keys.project(project) })
}
