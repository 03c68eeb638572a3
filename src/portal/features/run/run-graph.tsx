import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import type { Run, RunStep } from '../../../contract/index.ts'
import { type Face, PHASES, VERDICTS } from '../../ui/chip.tsx'
import { planNode } from '../graph/plan-node.ts'
import { StepGraph } from '../graph/step-graph.tsx'

interface RunGraphProps {
  run: Run
  selected: string | null
  onSelect: (step: string) => void
}

export function RunGraph({ run, selected, onSelect }: RunGraphProps) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const steps = useMemo(
    () => run.plan.steps.map((step) => planNode(step, faceOf(run.steps.find((state) => state.step === step.id)))),
    [run.plan.steps, run.steps]
  )
  return (
    <StepGraph
      label="Steps of the run"
      steps={steps}
      direction={narrow ? 'down' : 'right'}
      selected={selected}
      onSelect={onSelect}
    />
  )
}

/** A fault that ran to its end shows its verdict; else the phase says more. */
function faceOf(state: RunStep | undefined): Face | undefined {
  if (state === undefined) return undefined
  const judged = state.phase === 'completed' && state.verdict !== 'not-applicable' && state.verdict !== 'awaited'
  return judged ? VERDICTS[state.verdict] : PHASES[state.phase]
}
