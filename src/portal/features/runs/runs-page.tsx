import { Button, Select } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { RUN_PHASES, VERDICTS as VERDICT_WORDS } from '../../../domain/index.ts'
import { useProject } from '../../frame/current.ts'
import { PHASES, VERDICTS } from '../../ui/chip.tsx'
import list from '../../ui/list.module.css'
import { Card, Page } from '../../ui/page.tsx'
import { type RunFilter, RunList } from './run-list.tsx'

const PHASE_CHOICES = RUN_PHASES.map((value) => ({ value, label: PHASES[value].word }))
const VERDICT_CHOICES = VERDICT_WORDS.map((value) => ({ value, label: VERDICTS[value].word }))
const CAUSE_CHOICES = [
  { value: 'workload-change', label: 'A workload changed' },
  { value: 'git', label: 'A push' },
  { value: 'manual', label: 'A person' },
  { value: 'api', label: 'The API' }
]

export function RunsPage() {
  const project = useProject()
  const filter = useSearch({ from: '/signed-in/p/$project/runs' })
  return (
    <Page title="Runs">
      <Card flush>
        <Filters filter={filter} />
        <RunList project={project} filter={filter} />
      </Card>
    </Page>
  )
}

/** In the URL, so that a view can be shared and Back works. */
function Filters({ filter }: { filter: RunFilter }) {
  const navigate = useNavigate({ from: '/p/$project/runs' })
  const set = (name: keyof RunFilter, value: string | null) => {
    const { [name]: _, ...others } = filter
    void navigate({ search: value === null || value === '' ? others : { ...others, [name]: value } })
  }
  const choice = (name: 'cause' | 'phase' | 'verdict', label: string, data: { value: string; label: string }[]) => (
    <Select
      aria-label={label}
      placeholder={label}
      data={data}
      value={filter[name] ?? null}
      onChange={(value) => set(name, value)}
      clearable
      w={{ base: '100%', sm: 180 }}
    />
  )
  return (
    <search className={list.toolbar}>
      {choice('cause', 'Any cause', CAUSE_CHOICES)}
      {choice('phase', 'Any phase', PHASE_CHOICES)}
      {choice('verdict', 'Any verdict', VERDICT_CHOICES)}
      {filter.workflow ? (
        <Button variant="light" onClick={() => set('workflow', null)}>
          Workflow {filter.workflow} ✕
        </Button>
      ) : null}
    </search>
  )
}
