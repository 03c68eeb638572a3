import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import type { Run, RunStep } from '../../../contract/index.ts'
import { attemptWords, type FaultStory } from '../../../domain/index.ts'
import { type Face, PHASES, VERDICTS } from '../../ui/chip.tsx'
import { planNodes } from '../graph/plan-node.ts'
import { StepGraph } from '../graph/step-graph.tsx'

interface RunGraphProps {
  run: Run
  stories: readonly FaultStory[]
  selected: string | null
  onSelect: (step: string) => void
}

export function RunGraph({ run, stories, selected, onSelect }: RunGraphProps) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const steps = useMemo(
    () =>
      planNodes(run.plan.steps, (id) => ({
        face: faceOf(run.steps.find(({ step }) => step === id)),
        note: noteOn(id, run.steps, stories)
      })),
    [run.plan.steps, run.steps, stories]
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

/** Why a step was left out, or at which attempt a fault is. */
function noteOn(id: string, steps: readonly RunStep[], stories: readonly FaultStory[]): string | null {
  const state = steps.find(({ step }) => step === id)
  if (state?.phase === 'skipped') return state.reason
  const story = stories.find(({ step }) => step === id)
  if (story === undefined || story.attempt === 1) return null
  return `${attemptWords(story, story.attempt)}, ${story.fault}`
}

/** A fault that ran to its end shows its verdict; else the phase says more. */
function faceOf(state: RunStep | undefined): Face | undefined {
  if (state === undefined) return undefined
  const judged = state.phase === 'completed' && state.verdict !== 'not-applicable' && state.verdict !== 'awaited'
  return judged ? VERDICTS[state.verdict] : PHASES[state.phase]
}
