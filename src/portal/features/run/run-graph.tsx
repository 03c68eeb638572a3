import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import type { Run, RunStep } from '../../../contract/index.ts'
import type { PlanStep } from '../../../domain/index.ts'
import { type Face, PHASES, VERDICTS } from '../../ui/chip.tsx'
import { type GraphNode, StepGraph } from '../graph/step-graph.tsx'
import classes from './run.module.css'

interface RunGraphProps {
  run: Run
  selected: string | null
  onSelect: (step: string) => void
}

export function RunGraph({ run, selected, onSelect }: RunGraphProps) {
  const narrow = useMediaQuery('(max-width: 48em)')
  const steps = useMemo(
    () =>
      run.plan.steps.map((step) =>
        nodeOf(
          step,
          run.steps.find((state) => state.step === step.id)
        )
      ),
    [run.plan.steps, run.steps]
  )
  return (
    <div className={narrow ? classes.tallGraph : undefined}>
      <StepGraph
        label="Steps of the run"
        steps={steps}
        direction={narrow ? 'down' : 'right'}
        selected={selected}
        onSelect={onSelect}
      />
    </div>
  )
}

function nodeOf({ id, name, needs, action }: PlanStep, state: RunStep | undefined): GraphNode {
  const face = faceOf(state)
  const common = { id, name, needs, ...(face && { face }) }
  if (action.kind === 'fault') return { ...common, icon: 'bolt', detail: action.fault.fault }
  if (action.kind === 'pause') return { ...common, icon: 'hold', detail: `pause ${action.seconds} s` }
  return { ...common, icon: 'minus', detail: `not needed: ${action.reason}` }
}

/** A fault that ran to its end shows its verdict; else the phase says more. */
function faceOf(state: RunStep | undefined): Face | undefined {
  if (state === undefined) return undefined
  const judged = state.phase === 'completed' && state.verdict !== 'not-applicable' && state.verdict !== 'awaited'
  return judged ? VERDICTS[state.verdict] : PHASES[state.phase]
}
