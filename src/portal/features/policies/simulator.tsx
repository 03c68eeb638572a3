import { SegmentedControl, Select, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { SimulateBody, WorkloadChange } from '../../../contract/index.ts'
import { changeSentence, workloadLabel } from '../../../domain/index.ts'
import { Empty, Failed, ListSkeleton } from '../../ui/blank.tsx'
import { FormProblem } from '../../ui/form-problem.tsx'
import { Card } from '../../ui/page.tsx'
import { sinceText } from '../../ui/time-text.ts'
import classes from './policies.module.css'
import { useNewestChanges, useSimulation } from './queries.ts'
import { SimulationResult } from './simulation-result.tsx'

const WAYS = [
  { value: 'stored', label: 'A change that was seen' },
  { value: 'pasted', label: 'Two manifests' }
]
/** what is typed is asked about once it rests, in ms */
const REST_MS = 400

/** What the policies would make of a change; nothing is started. */
export function Simulator({ change }: { change: string | null }) {
  const [way, setWay] = useState('stored')
  const [chosen, setChosen] = useState(change)
  const [manifests, setManifests] = useState({ before: '', after: '' })
  const [policy, setPolicy] = useState('')
  const [question] = useDebouncedValue(questionOf({ way, chosen, manifests, policy }), REST_MS)
  return (
    <div className={classes.simulator}>
      <Card title="Which change">
        <div className={classes.fields}>
          <div>
            <SegmentedControl data={WAYS} value={way} onChange={setWay} aria-label="Which change" />
          </div>
          {way === 'stored' ? (
            <StoredChange chosen={chosen} onChoose={setChosen} />
          ) : (
            <>
              <Manifest
                label="The workload as it was"
                value={manifests.before}
                onText={(before) => setManifests({ ...manifests, before })}
              />
              <Manifest
                label="The workload as it is"
                value={manifests.after}
                onText={(after) => setManifests({ ...manifests, after })}
              />
            </>
          )}
          <Manifest
            label="A policy that is not saved yet, if one is to be tried"
            value={policy}
            onText={setPolicy}
            longest={65_536}
          />
        </div>
      </Card>
      <Answer question={question} />
    </div>
  )
}

interface Typed {
  way: string
  chosen: string | null
  manifests: { before: string; after: string }
  policy: string
}

function questionOf({ way, chosen, manifests, policy }: Typed): SimulateBody | null {
  const tried = policy.trim() === '' ? {} : { policy }
  if (way === 'stored') return chosen === null ? null : { change: chosen, ...tried }
  const { before, after } = manifests
  return before.trim() === '' || after.trim() === '' ? null : { manifests, ...tried }
}

function StoredChange({ chosen, onChoose }: { chosen: string | null; onChoose: (id: string | null) => void }) {
  const query = useNewestChanges()
  if (query.isPending) return <ListSkeleton rows={1} />
  if (query.isError) return <Failed what="The changes" error={query.error} onRetry={() => void query.refetch()} />
  const { items } = query.data
  if (items.length === 0) return <p className={classes.hint}>No change was seen yet. Two manifests do as well.</p>
  const known = items.map((item) => ({ value: item.id, label: titleOf(item) }))
  const older = chosen !== null && !known.some(({ value }) => value === chosen)
  return (
    <Select
      label="Change"
      placeholder="One of the last fifty"
      data={older ? [{ value: chosen, label: 'the one of the link' }, ...known] : known}
      value={chosen}
      onChange={onChoose}
      searchable
    />
  )
}

function titleOf(change: WorkloadChange): string {
  const label = workloadLabel(change)
  const [first] = change.changes
  const what = first === undefined ? label : changeSentence(label, first)
  return `${what}, ${sinceText(Date.parse(change.createdAt), Date.now())}`
}

interface ManifestProps {
  label: string
  value: string
  onText: (text: string) => void
  longest?: number
}

function Manifest({ label, value, onText, longest = 262_144 }: ManifestProps) {
  return (
    <Textarea
      label={label}
      value={value}
      onChange={(event) => onText(event.currentTarget.value)}
      rows={6}
      maxLength={longest}
      spellCheck={false}
      classNames={{ input: classes.manifest ?? '' }}
    />
  )
}

function Answer({ question }: { question: SimulateBody | null }) {
  const query = useSimulation(question)
  if (question === null) {
    return (
      <Card flush>
        <Empty title="Nothing is started here">
          Choose a change, or paste a workload as it was and as it is: here stands which policies it fulfils and why,
          what they would run, and what holds them back now.
        </Empty>
      </Card>
    )
  }
  if (query.isPending) return <ListSkeleton />
  if (query.isError) return <FormProblem error={query.error} />
  return <SimulationResult simulation={query.data} />
}
