import { Box } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RunSummary } from '../../../contract/index.ts'
import { useApi } from '../../client/api-context.tsx'
import { useProject } from '../../frame/current.ts'
import { Card } from '../../ui/page.tsx'
import spark from '../../ui/sparkline.module.css'
import { scoreTone } from '../../ui/sparkline.tsx'
import { runsQuery } from './run-list.tsx'

const HEIGHT = 96
const SLOT = 18
const BAR = 12
const SHOWN = 50

/** Scores of the last runs of a workflow, oldest first; from the page of runs that is read anyway. */
export function ScoreChart({ workflow }: { workflow: string }) {
  const { data } = useQuery(runsQuery(useApi(), useProject(), { filter: { workflow } }))
  const runs = (data?.items ?? []).filter(({ phase, score }) => phase === 'completed' && score !== null)
  if (runs.length < 2) return null
  return (
    <Box mb="md">
      <Card title="Scores, oldest first">
        <Bars workflow={workflow} runs={runs.slice(0, SHOWN).toReversed()} />
      </Card>
    </Box>
  )
}

function Bars({ workflow, runs }: { workflow: string; runs: readonly RunSummary[] }) {
  const scores = runs.map(({ score }) => score ?? 0)
  const width = runs.length * SLOT
  return (
    <svg
      className={spark.line}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={`Scores of ${workflow}, oldest first: ${scores.join(', ')}`}
      style={{ display: 'block', maxWidth: width * 1.6, width: '100%' }}
    >
      {runs.map(({ id, score, createdAt }, slot) => {
        const height = Math.max(3, (HEIGHT * (score ?? 0)) / 100)
        return (
          <rect
            key={id}
            x={slot * SLOT}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx={2}
            data-tone={scoreTone(score ?? 0)}
          >
            <title>
              {score} of 100, {createdAt}
            </title>
          </rect>
        )
      })}
    </svg>
  )
}
