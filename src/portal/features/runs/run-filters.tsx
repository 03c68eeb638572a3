import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { CAUSE_KINDS, type Cause, RUN_PHASES, VERDICTS as VERDICT_WORDS } from '../../../domain/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { keys } from '../../client/keys.ts'
import { useProject } from '../../frame/current.ts'
import type { RunFilter, Since } from '../../frame/run-filter.ts'
import { PHASES, VERDICTS } from '../../ui/chip.tsx'
import { FilterFold } from '../../ui/filter-fold.tsx'
import list from '../../ui/list.module.css'
import { useWorkflowNames } from '../workflows/workflow-names.ts'

const CAUSES: Record<Cause['kind'], string> = {
  hook: 'A hook was called',
  'workload-change': 'A workload changed',
  git: 'A push',
  schedule: 'A schedule',
  manual: 'A person',
  api: 'An API token'
}
export const SPANS: Record<Since, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days'
}
const BETWEEN = 'between'

const choices = <W extends string>(words: readonly W[], label: (word: W) => string) =>
  words.map((value) => ({ value, label: label(value) }))
const CAUSE_CHOICES = choices(CAUSE_KINDS, (kind) => CAUSES[kind])
const PHASE_CHOICES = choices(RUN_PHASES, (phase) => PHASES[phase].word)
const VERDICT_CHOICES = choices(VERDICT_WORDS, (verdict) => VERDICTS[verdict].word)
const TIME_CHOICES = [
  ...choices(Object.keys(SPANS) as Since[], (span) => SPANS[span]),
  { value: BETWEEN, label: 'Between two days' }
]

interface ChoiceProps {
  label: string
  data: { value: string; label: string }[]
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** In the URL, so that a view can be shared and Back works. */
export function RunFilters({ filter }: { filter: RunFilter }) {
  const navigate = useNavigate({ from: '/p/$project/runs' })
  const [between, setBetween] = useState(filter.from !== undefined || filter.to !== undefined)
  const change = (changed: { [K in keyof RunFilter]?: RunFilter[K] | undefined }) => {
    const next = Object.entries({ ...filter, ...changed }).filter(([, value]) => value !== undefined && value !== '')
    void navigate({ search: Object.fromEntries(next) as RunFilter })
  }
  const set = (name: keyof RunFilter) => (value: string | undefined) => change({ [name]: value })
  const chooseTime = (value: string | undefined) => {
    setBetween(value === BETWEEN)
    change({ since: value === BETWEEN ? undefined : (value as Since), from: undefined, to: undefined })
  }
  return (
    <search className={list.toolbar} aria-label="Filter the runs">
      <FilterFold count={Object.keys(filter).length}>
        <WorkflowChoice value={filter.workflow} onChange={set('workflow')} />
        <Choice label="Any cause" data={CAUSE_CHOICES} value={filter.cause} onChange={set('cause')} />
        <Choice label="Any phase" data={PHASE_CHOICES} value={filter.phase} onChange={set('phase')} />
        <Choice label="Any verdict" data={VERDICT_CHOICES} value={filter.verdict} onChange={set('verdict')} />
        <InfrastructureChoice value={filter.infrastructure} onChange={set('infrastructure')} />
        <Choice label="Any time" data={TIME_CHOICES} value={between ? BETWEEN : filter.since} onChange={chooseTime} />
        {between ? (
          <>
            <Day label="First day" value={filter.from} onChange={set('from')} />
            <Day label="Last day" value={filter.to} onChange={set('to')} />
          </>
        ) : null}
        {Object.keys(filter).length > 0 ? (
          <Button
            variant="subtle"
            onClick={() => {
              setBetween(false)
              void navigate({ search: {} })
            }}
          >
            Show all
          </Button>
        ) : null}
      </FilterFold>
    </search>
  )
}

const WIDTH = { base: '100%', xs: 'calc(50% - 4px)', sm: 164 }

function Choice({ label, data, value, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      data={data}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
      w={WIDTH}
    />
  )
}

function WorkflowChoice({ value, onChange }: Pick<ChoiceProps, 'value' | 'onChange'>) {
  const { names, onType } = useWorkflowNames(value)
  return (
    <Select
      aria-label="Any workflow"
      placeholder="Any workflow"
      data={names}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      onSearchChange={onType}
      searchable
      clearable
      nothingFoundMessage="No such workflow"
      w={{ ...WIDTH, sm: 220 }}
    />
  )
}

function InfrastructureChoice({ value, onChange }: Pick<ChoiceProps, 'value' | 'onChange'>) {
  const api = useApi()
  const project = useProject()
  const { data } = useQuery({
    queryKey: keys.infrastructures(project),
    queryFn: ({ signal }) => api.call('GET /projects/:project/infrastructures', { params: { project }, signal })
  })
  const places = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return <Choice label="Any infrastructure" data={places} value={value} onChange={onChange} />
}

function Day({ label, value, onChange }: Omit<ChoiceProps, 'data'>) {
  return (
    <TextInput
      type="date"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
      w={WIDTH}
    />
  )
}
