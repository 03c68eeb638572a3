export interface Figure {
  name: string
  unit: 'ms' | 'MB' | '%' | 'number'
  median: number
  min: number
  max: number
  samples: number
  /** what it should be at most; goals are named in docs/guides/performance.md */
  goal?: Goal
}

export interface Goal {
  name: string
  most: number
}

/** Takes a value several times, one after another; the median is what counts on a shared machine. */
export async function measure(
  name: string,
  samples: number,
  once: () => Promise<number>,
  goal?: Goal
): Promise<Figure> {
  const values: number[] = []
  for (let i = 0; i < samples; i++) values.push(await once())
  return figure(name, 'ms', values, goal)
}

export function figure(name: string, unit: Figure['unit'], values: readonly number[], goal?: Goal): Figure {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    name,
    unit,
    median: middle(sorted),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    samples: sorted.length,
    ...(goal && { goal })
  }
}

/** The value that `share` (0 to 1) of them do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** Wall time of `work` in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function middle(sorted: readonly number[]): number {
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

export function table(figures: readonly Figure[]): string {
  const head = ['| what | unit | median | min | max | samples | goal | ratio |', '|---|---|---|---|---|---|---|---|']
  return [...head, ...figures.map(line)].join('\n')
}

export function line(f: Figure): string {
  const goal = f.goal ? `${f.goal.name} ≤ ${f.goal.most} | ${ratio(f.median, f.goal.most)}` : ' | '
  return `| ${f.name} | ${f.unit} | ${short(f.median)} | ${short(f.min)} | ${short(f.max)} | ${f.samples} | ${goal} |`
}

/** of a goal of none, one is as bad as many */
function ratio(value: number, most: number): string {
  return most === 0 ? String(value === 0 ? 0 : '∞') : (value / most).toFixed(2)
}

function short(value: number): string {
  return value < 10 ? value.toFixed(2) : String(Math.round(value))
}
