import type { SimulatedPolicy, Simulation } from '../../../contract/index.ts'
import { workloadLabel } from '../../../domain/index.ts'
import { Empty } from '../../ui/blank.tsx'
import { Chip, type Face } from '../../ui/chip.tsx'
import { FieldChanges } from '../../ui/field-changes.tsx'
import list from '../../ui/list.module.css'
import { Card } from '../../ui/page.tsx'
import { Problems } from '../../ui/problems.tsx'
import classes from './policies.module.css'

const WOULD_RUN: Face = { word: 'Would run', icon: 'bolt', tone: 'pass' }
const HELD_BACK: Face = { word: 'Held back', icon: 'hold', tone: 'wait' }
const NO_MATCH: Face = { word: 'No match', icon: 'minus', tone: 'idle' }
const NOT_FOR_IT: Face = { word: 'Not for it', icon: 'minus', tone: 'idle' }

export function SimulationResult({ simulation }: { simulation: Simulation }) {
  const { workload, changes, policies, more, problems, infrastructure } = simulation
  const label = workloadLabel(workload)
  return (
    <div className={classes.fields}>
      {problems.length === 0 ? null : (
        <Card title="Problems of the policy">
          <Problems problems={problems} />
        </Card>
      )}
      <Card title="What changed">
        <strong>{label}</strong>{' '}
        <span className={list.sub}>
          in {workload.namespace} on {infrastructure}
        </span>
        {changes.length === 0 ? (
          <p>Nothing that policies look at.</p>
        ) : (
          <FieldChanges workload={label} changes={changes} />
        )}
      </Card>
      <Card flush title="Policies">
        {policies.length === 0 ? (
          <Empty title="No event policy yet">
            A workload that has opted in starts its workflow with each new image.
          </Empty>
        ) : (
          <ul className={classes.answers} aria-live="polite">
            {policies.map((policy) => (
              <Answer key={`${policy.name} ${policy.saved}`} policy={policy} />
            ))}
          </ul>
        )}
        {more === 0 ? null : <p className={classes.hint}>and {more} more</p>}
      </Card>
    </div>
  )
}

function Answer({ policy }: { policy: SimulatedPolicy }) {
  const { name, saved, selected, matched, heldBack, runs } = policy
  const reasons = [...selected.reasons, ...(matched?.reasons ?? [])]
  return (
    <li>
      <div className={list.inline}>
        <Chip face={faceOf(policy)} />
        <span className={list.name}>{name}</span>
        {saved ? null : <span className={list.sub}>not saved</span>}
      </div>
      {reasons.map((reason) => (
        <div key={reason}>{reason}</div>
      ))}
      {heldBack === null ? null : <div>{heldBack}</div>}
      {runs.map((run) => (
        <Run key={run.workflow} run={run} />
      ))}
    </li>
  )
}

function Run({ run: { workflow, parameters, refused } }: { run: SimulatedPolicy['runs'][number] }) {
  return (
    <div>
      It asks for <strong>{workflow}</strong>
      {Object.entries(parameters).map(([name, value]) => (
        <span key={name}>
          {' '}
          <code>
            {name}={value}
          </code>
        </span>
      ))}
      {refused === null ? null : <>. {refused}</>}
    </div>
  )
}

function faceOf({ selected, matched, heldBack, runs }: SimulatedPolicy): Face {
  if (!selected.matched) return NOT_FOR_IT
  if (matched?.matched !== true) return NO_MATCH
  return heldBack === null && runs.some(({ refused }) => refused === null) ? WOULD_RUN : HELD_BACK
}
