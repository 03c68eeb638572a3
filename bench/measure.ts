export interface Figure {
  name: string
  unit: 'ms'
  median: number
  min: number
  max: number
  samples: number
}

/** Times `once` several times, one after another; the median is what counts on a shared machine. */
export async function measure(name: string, samples: number, once: () => Promise<number>): Promise<Figure> {
  const values: number[] = []
  for (let i = 0; i < samples; i++) values.push(await once())
  values.sort((a, b) => a - b)
  return {
    name,
    unit: 'ms',
    median: middle(values),
    min: values[0] ?? Number.NaN,
    max: values.at(-1) ?? Number.NaN,
    samples
  }
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
  const rows = figures.map(
    (f) => `| ${f.name} | ${Math.round(f.median)} | ${Math.round(f.min)} | ${Math.round(f.max)} | ${f.samples} |`
  )
  return ['| what | median ms | min | max | samples |', '|---|---|---|---|---|', ...rows].join('\n')
}
