import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Run } from '../../../contract/index.ts'
import { isFinal } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useMay, useProject } from '../../frame/current.ts'
import { Icon } from '../../ui/icon.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { type RunWish, useStartRun } from '../runs/start-run.ts'

export function RunActions({ run }: { run: Run }) {
  return (
    <>
      <CompareLink run={run} />
      <ReportMenu run={run} />
      <StartOrStop run={run} />
    </>
  )
}

function CompareLink({ run }: { run: Run }) {
  const project = useProject()
  return (
    <Button
      component={Link}
      to="/p/$project/runs/compare"
      params={{ project } as never}
      search={{ b: run.id } as never}
      variant="default"
    >
      Compare with the one before
    </Button>
  )
}

const REPORTS = [
  { ending: 'html', words: 'To read and print (HTML)', icon: 'file' },
  { ending: 'json', words: 'To compute with (JSON)', icon: 'file' },
  { ending: 'xml', words: 'As tests (JUnit XML)', icon: 'check' }
] as const

/** Plain links: a browser shows the one, and saves the others. */
function ReportMenu({ run }: { run: Run }) {
  const project = useProject()
  const base = `/api/v1/projects/${encodeURIComponent(project)}/runs/${encodeURIComponent(run.id)}/report`
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<Icon name="down" size={13} />}>
          Report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {REPORTS.map(({ ending, words, icon }) => (
          <Menu.Item
            key={ending}
            component="a"
            href={`${base}.${ending}`}
            target="_blank"
            rel="noopener"
            {...(ending !== 'html' && { download: `run-${run.id}.${ending}` })}
            leftSection={<Icon name={icon} size={14} />}
          >
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function StartOrStop({ run }: { run: Run }) {
  const { edit } = useMay()
  const start = useStartRun()
  const [stopping, { open, close }] = useDisclosure(false)
  if (!edit) return null
  if (isFinal(run.phase)) {
    return (
      <Button
        variant="default"
        leftSection={<Icon name="runs" size={13} />}
        loading={start.isPending}
        onClick={() => start.mutate(againOf(run))}
      >
        Run again
      </Button>
    )
  }
  return (
    <>
      <Button color="red.9" leftSection={<Icon name="stop" size={13} />} disabled={run.stop !== null} onClick={open}>
        {run.stop === null ? 'Stop' : 'Stopping'}
      </Button>
      <StopDialog run={run} opened={stopping} onClose={close} />
    </>
  )
}

/** The same wish: its parameters, and where it ran. */
function againOf({ workflow, parameters, infrastructure }: Run): RunWish {
  return { workflow, parameters, infrastructure: infrastructure.id }
}

function StopDialog({ run, opened, onClose }: { run: Run; opened: boolean; onClose: () => void }) {
  const api = useApi()
  const project = useProject()
  const client = useQueryClient()
  const stop = useMutation({
    mutationFn: (reason: string) =>
      api.call('POST /projects/:project/runs/:run/stop', {
        params: { project, run: run.id },
        body: reason === '' ? {} : { reason }
      }),
    onSuccess: async () => {
      onClose()
      await client.invalidateQueries({ queryKey: keys.run(project, run.id) })
    }
  })
  return (
    <ReasonDialog
      opened={opened}
      title={`Stop this run of ${run.workflow}`}
      placeholder="for those who look at it later"
      leave="Let it run"
      act="Stop the run"
      pending={stop.isPending}
      error={stop.error}
      onClose={onClose}
      onReason={(reason) => stop.mutate(reason)}
    >
      What is being harmed recovers first; steps that have not begun are skipped.
    </ReasonDialog>
  )
}
