import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { KillSwitch } from '../../contract/index.ts'
import { useApi } from '../client/api-context.tsx'
import { keys } from '../client/keys.ts'
import { Icon } from '../ui/icon.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { When } from '../ui/when.tsx'
import { useMay, useProject } from './current.ts'
import classes from './frame.module.css'

/** In the top bar of every page: one click and a reason away, whatever is going on. */
export function KillSwitchButton() {
  const { edit } = useMay()
  const engaged = useKillSwitch()
  const [asking, { open, close }] = useDisclosure(false)
  if (!edit || engaged !== null) return null
  return (
    <>
      <Tooltip label="Kill switch: stop every run of this project">
        <ActionIcon variant="subtle" color="red" size="lg" aria-label="Kill switch" onClick={open}>
          <Icon name="stop" />
        </ActionIcon>
      </Tooltip>
      <EngageDialog opened={asking} onClose={close} />
    </>
  )
}

/** While it is on, every page says so, and why. */
export function KillSwitchNotice() {
  const { manage } = useMay()
  const engaged = useKillSwitch()
  const project = useProject()
  const api = useApi()
  const settle = useSettle()
  const release = useMutation({
    mutationFn: () => api.call('DELETE /projects/:project/kill-switch', { params: { project } }),
    onSuccess: settle
  })
  if (engaged === null) return null
  return (
    <output className={classes.killed}>
      <Icon name="stop" size={13} />
      <span>
        <b>The kill switch is on:</b> {engaged.reason} ({engaged.by}, <When at={engaged.at} />
        ). No run starts.
      </span>
      {manage ? (
        <Button size="compact-xs" variant="default" loading={release.isPending} onClick={() => release.mutate()}>
          Release
        </Button>
      ) : null}
    </output>
  )
}

function EngageDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const project = useProject()
  const api = useApi()
  const settle = useSettle()
  const engage = useMutation({
    mutationFn: (reason: string) =>
      api.call('PUT /projects/:project/kill-switch', { params: { project }, body: { reason } }),
    onSuccess: async () => {
      onClose()
      await settle()
    }
  })
  return (
    <ReasonDialog
      opened={opened}
      title="Stop every run of this project"
      placeholder="everybody will read it"
      required
      leave="Let them run"
      act="Stop everything"
      pending={engage.isPending}
      error={engage.error}
      onClose={onClose}
      onReason={(reason) => engage.mutate(reason)}
    >
      All runs stop and recover what they harm. None starts, by hand, by a release or by a push, until an owner releases
      the switch.
    </ReasonDialog>
  )
}

function useKillSwitch(): KillSwitch['engaged'] {
  const api = useApi()
  const project = useProject()
  const { data } = useQuery({
    queryKey: keys.killSwitch(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/kill-switch', { params: { project }, signal })
  })
  return data?.engaged ?? null
}

function useSettle(): () => Promise<void> {
  const client = useQueryClient()
  const project = useProject()
  return () => client.invalidateQueries({ queryKey: keys.project(project) })
}
