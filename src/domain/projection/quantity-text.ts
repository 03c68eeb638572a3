/** Suffixes of the `Quantity` of Kubernetes (apimachinery, `pkg/api/resource`), as powers of a base. */
const SUFFIXES: ReadonlyMap<string, readonly [base: number, exponent: number]> = new Map([
  ['n', [10, -9]],
  ['u', [10, -6]],
  ['m', [10, -3]],
  ['', [10, 0]],
  ['k', [10, 3]],
  ['M', [10, 6]],
  ['G', [10, 9]],
  ['T', [10, 12]],
  ['P', [10, 15]],
  ['E', [10, 18]],
  ['Ki', [1024, 1]],
  ['Mi', [1024, 2]],
  ['Gi', [1024, 3]],
  ['Ti', [1024, 4]],
  ['Pi', [1024, 5]],
  ['Ei', [1024, 6]]
])

/** `500m` → 0.5, `1Gi` → 1073741824, `1e3` → 1000; null = it is no quantity */
export function quantityOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.length > 64) return null
  const [, number, exponent, suffix = ''] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3})|([A-Za-z]{1,2}))?$/.exec(value) ?? []
  if (number === undefined) return null
  if (exponent !== undefined) return finite(Number(`${number}e${exponent}`))
  const unit = SUFFIXES.get(suffix)
  if (unit === undefined) return null
  const [base, power] = unit
  // a decimal power through the text keeps 100m at exactly 0.1
  return finite(base === 10 ? Number(`${number}e${power}`) : Number(number) * base ** power)
}

/** One text for equal quantities: `500m` and `0.5` are `0.5`; what is no quantity stays as it is. */
export function quantityText(value: unknown): string {
  return String(quantityOf(value) ?? (typeof value === 'string' ? value : JSON.stringify(value)))
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
