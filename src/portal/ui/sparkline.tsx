import { Tooltip } from '@mantine/core'
import classes from './sparkline.module.css'

const HEIGHT = 22
const WIDTH = 7
const GAP = 3
const SLOTS = 10

/** Scores of the last runs, oldest first: one bar each, full height = 100, a dot where there was no score. */
export function Sparkline({ scores }: { scores: readonly (number | null)[] }) {
  if (scores.length === 0) return null
  const shown = scores.slice(-SLOTS)
  const text = `Scores, oldest first: ${shown.map((score) => score ?? 'none').join(', ')}`
  return (
    <Tooltip label={text}>
      <svg className={classes.line} width={SLOTS * (WIDTH + GAP) - GAP} height={HEIGHT} role="img" aria-label={text}>
        {Array.from({ length: SLOTS - shown.length }, (_, slot) => slot * (WIDTH + GAP)).map((x) => (
          <rect key={x} x={x} y={HEIGHT - 2} width={WIDTH} height={2} data-tone="none" />
        ))}
        {bars(shown).map(({ score, x }) => (
          <Bar key={x} score={score} x={x} />
        ))}
      </svg>
    </Tooltip>
  )
}

/** The newest stands right, however few there are. */
function bars(scores: readonly (number | null)[]): { score: number | null; x: number }[] {
  return scores.map((score, slot) => ({ score, x: (SLOTS - scores.length + slot) * (WIDTH + GAP) }))
}

function Bar({ score, x }: { score: number | null; x: number }) {
  if (score === null) return <circle cx={x + WIDTH / 2} cy={HEIGHT - 2} r={1.6} data-tone="idle" />
  const height = Math.max(3, (HEIGHT * score) / 100)
  return <rect x={x} y={HEIGHT - height} width={WIDTH} height={height} rx={1.5} data-tone={scoreTone(score)} />
}

export function scoreTone(score: number): 'pass' | 'wait' | 'fail' {
  if (score >= 90) return 'pass'
  return score >= 60 ? 'wait' : 'fail'
}
