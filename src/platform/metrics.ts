/**
 * Figures for Prometheus, in its text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats). Names and help are ours; a label's values may come from
 * elsewhere, so each metric has a limit of series: what comes after that counts as `other`.
 */
export type Labels = Readonly<Record<string, string>>

export interface Sample {
  labels?: Labels
  value: number
}

export interface Counter {
  add(labels?: Labels, by?: number): void
}

export interface Histogram {
  /** seconds */
  observe(seconds: number, labels?: Labels): void
}

interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  lines(): Promise<string[]> | string[]
}

type Reader = () => Promise<readonly Sample[]> | readonly Sample[]

interface Described {
  name: string
  help: string
}

const MOST_SERIES = 1000
/** of a duration, in seconds: from an answer out of memory to a git host that is nearly given up */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

export class Metrics {
  readonly #metrics = new Map<string, Metric>()

  /** what only grows */
  counter({ name, help }: Described): Counter {
    const series = new SeriesMap(() => ({ value: 0 }))
    const lines = () => [...series.all()].map(([labels, { value }]) => line(name, labels, value))
    this.#add({ name, help, type: 'counter', lines })
    return {
      add: (labels = {}, by = 1) => {
        series.of(labels).value += by
      }
    }
  }

  /** how long things took; `_count` and `_sum` with it */
  histogram({ name, help }: Described): Histogram {
    const series = new SeriesMap(() => ({ counts: BUCKETS.map(() => 0), count: 0, sum: 0 }))
    const lines = () => [...series.all()].flatMap(([labels, bins]) => histogramLines(name, labels, bins))
    this.#add({ name, help, type: 'histogram', lines })
    return {
      observe: (seconds, labels = {}) => {
        const bins = series.of(labels)
        const at = BUCKETS.findIndex((bound) => seconds <= bound)
        if (at !== -1) bins.counts[at] = (bins.counts[at] ?? 0) + 1
        bins.count++
        bins.sum += seconds
      }
    }
  }

  /** what is read when somebody looks; a reader that fails leaves its metric out. `counter`: it only grows */
  watch({ name, help, type = 'gauge' }: Described & { type?: 'gauge' | 'counter' }, read: Reader): void {
    const lines = async () =>
      (await read()).slice(0, MOST_SERIES).map(({ labels = {}, value }) => line(name, labels, value))
    this.#add({ name, help, type, lines })
  }

  async render(): Promise<string> {
    const blocks = await Promise.all(
      [...this.#metrics.values()].map(async ({ name, help, type, lines }) => {
        const found = await Promise.resolve()
          .then(lines)
          .catch((): string[] => [])
        return found.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...found]
      })
    )
    return `${blocks.flat().join('\n')}\n`
  }

  #add(metric: Metric): void {
    if (this.#metrics.has(metric.name)) throw new Error(`the metric ${metric.name} is there twice`)
    this.#metrics.set(metric.name, metric)
  }
}

/** One value for each set of labels. */
class SeriesMap<T> {
  readonly #make: () => T
  readonly #series = new Map<string, { labels: Labels; value: T }>()

  constructor(make: () => T) {
    this.#make = make
  }

  of(labels: Labels): T {
    const key = JSON.stringify(labels)
    const known = this.#series.get(key)
    if (known !== undefined) return known.value
    const isFull = this.#series.size >= MOST_SERIES
    const others = Object.fromEntries(Object.keys(labels).map((name) => [name, 'other']))
    if (isFull && key !== JSON.stringify(others)) return this.of(others)
    const made = { labels, value: this.#make() }
    this.#series.set(key, made)
    return made.value
  }

  *all(): Iterable<[Labels, T]> {
    for (const { labels, value } of this.#series.values()) yield [labels, value]
  }
}

interface Bins {
  counts: readonly number[]
  count: number
  sum: number
}

function histogramLines(name: string, labels: Labels, { counts, count, sum }: Bins): string[] {
  let below = 0
  const buckets = BUCKETS.map((bound, index) => {
    below += counts[index] ?? 0
    return line(`${name}_bucket`, { ...labels, le: String(bound) }, below)
  })
  return [
    ...buckets,
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count)
  ]
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
