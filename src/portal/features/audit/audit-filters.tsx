import { Button, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { AuditFilter } from '../../frame/audit-filter.ts'
import { SINCE, type Since } from '../../frame/run-filter.ts'
import { FilterFold } from '../../ui/filter-fold.tsx'
import { Icon } from '../../ui/icon.tsx'
import list from '../../ui/list.module.css'
import { SPANS } from '../runs/run-filters.tsx'

/** The first words of actions. */
const WHATS = [
  'agent',
  'gitops',
  'guardrails',
  'hook',
  'infrastructure',
  'kill-switch',
  'member',
  'password',
  'project',
  'run',
  'schedule',
  'session',
  'token',
  'user',
  'workflow'
]
const BETWEEN = 'between'
const TIMES = [
  ...(Object.keys(SINCE) as Since[]).map((value) => ({ value, label: SPANS[value] })),
  { value: BETWEEN, label: 'Between two days' }
]
const WIDTH = { base: '100%', xs: 'calc(50% - 4px)', sm: 164 }

type Change = { [K in keyof AuditFilter]?: string | null }

/** In the URL, so that a view can be shared and Back works. */
export function AuditFilters({ filter }: { filter: AuditFilter }) {
  const navigate = useNavigate({ from: '/p/$project/settings/audit' })
  const change = (changed: Change) => {
    const next = Object.entries({ ...filter, ...changed }).filter(([, text]) => text !== null && text !== '')
    void navigate({ search: Object.fromEntries(next) as AuditFilter, replace: true })
  }
  const { of, q, ...folded } = filter
  return (
    <search className={list.toolbar} aria-label="Filter the audit">
      <TextInput
        aria-label="Search the audit"
        placeholder="Search"
        leftSection={<Icon name="search" size={13} />}
        maxLength={200}
        value={q ?? ''}
        onChange={(event) => change({ q: event.currentTarget.value })}
        w={{ ...WIDTH, sm: 220 }}
      />
      <FilterFold count={Object.keys(folded).length}>
        <TextInput
          aria-label="Who"
          placeholder="Who"
          leftSection={<Icon name="user" size={13} />}
          maxLength={63}
          value={filter.who ?? ''}
          onChange={(event) => change({ who: event.currentTarget.value })}
          w={WIDTH}
        />
        <Select
          aria-label="Anything"
          placeholder="Anything"
          data={filter.what === undefined || WHATS.includes(filter.what) ? WHATS : [filter.what, ...WHATS]}
          value={filter.what ?? null}
          onChange={(value) => change({ what: value })}
          clearable
          w={WIDTH}
        />
        <TimeFilter filter={filter} change={change} />
        {q !== undefined || Object.keys(folded).length > 0 ? (
          <Button variant="subtle" onClick={() => void navigate({ search: of === undefined ? {} : { of } })}>
            Show all
          </Button>
        ) : null}
      </FilterFold>
    </search>
  )
}

function TimeFilter({ filter, change }: { filter: AuditFilter; change: (changed: Change) => void }) {
  const [chosen, setBetween] = useState(false)
  const between = chosen || filter.from !== undefined || filter.to !== undefined
  return (
    <>
      <Select
        aria-label="Any time"
        placeholder="Any time"
        data={TIMES}
        value={between ? BETWEEN : (filter.since ?? null)}
        onChange={(value) => {
          setBetween(value === BETWEEN)
          change({ since: value === BETWEEN ? null : value, from: null, to: null })
        }}
        clearable
        w={WIDTH}
      />
      {between ? (
        <>
          <Day label="First day" value={filter.from} onChange={(from) => change({ from })} />
          <Day label="Last day" value={filter.to} onChange={(to) => change({ to })} />
        </>
      ) : null}
    </>
  )
}

interface DayProps {
  label: string
  value: string | undefined
  onChange: (value: string) => void
}

function Day({ label, value, onChange }: DayProps) {
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
