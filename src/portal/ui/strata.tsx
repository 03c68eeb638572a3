import classes from './strata.module.css'

const LAYERS = [26, 42, 56, 74, 92, 106]
const COMMITS = [
  { x: 44, layer: 1 },
  { x: 86, layer: 1 },
  { x: 62, layer: 4 },
  { x: 196, layer: 1 },
  { x: 236, layer: 4 },
  { x: 268, layer: 1 }
]
const SHIFT = 15

/** Layers of history, displaced along a fault: the drawing of empty pages and of the sign-in page. */
export function Strata({ height = 120 }: { height?: number }) {
  return (
    <svg className={classes.strata} height={height} viewBox="0 0 310 132" fill="none" aria-hidden="true">
      {LAYERS.map((y, index) => (
        <path key={y} className={index === 1 || index === 4 ? classes.history : classes.layer} d={layer(y)} />
      ))}
      {COMMITS.map(({ x, layer: index }) => (
        <circle key={`${x}/${index}`} className={classes.commit} cx={x} cy={heightAt(x, index)} r="4.2" />
      ))}
      <path className={classes.fault} d="M181 4 128 128" />
    </svg>
  )
}

/** Left of the fault at its own height, right of it lower. */
function layer(y: number): string {
  const left = faultAt(y) - 5
  const right = faultAt(y + SHIFT) + 5
  return `M6 ${y}H${left}M${right} ${y + SHIFT}H304`
}

function faultAt(y: number): number {
  return 181 - ((y - 4) * 53) / 124
}

function heightAt(x: number, index: number): number {
  const y = LAYERS[index] ?? 0
  return x < faultAt(y) ? y : y + SHIFT
}
