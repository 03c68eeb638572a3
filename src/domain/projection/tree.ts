/** Steps into JSON of unknown shape: what does not fit is not there. */

export type Tree = Readonly<Record<string, unknown>>

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What lies at the end of these keys; undefined = nothing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let here = value
  for (const key of keys) {
    if (!isTree(here) || !Object.hasOwn(here, key)) return undefined
    here = here[key]
  }
  return here
}

export function treeAt(value: unknown, ...keys: readonly string[]): Tree {
  const found = at(value, ...keys)
  return isTree(found) ? found : {}
}

export function treesAt(value: unknown, ...keys: readonly string[]): Tree[] {
  const found = at(value, ...keys)
  return Array.isArray(found) ? found.filter(isTree) : []
}

export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys)
  return typeof found === 'string' ? found : undefined
}

/** Only the texts among its values. */
export function textsAt(value: unknown, ...keys: readonly string[]): Record<string, string> {
  const pairs = Object.entries(treeAt(value, ...keys))
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

/** The same for equal values, whatever the order of their keys. Nesting deeper than any object of Kubernetes is cut. */
export function canonical(value: unknown, depth = 0): string {
  if (depth > 64) return '"…"'
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`
  if (!isTree(value)) return JSON.stringify(value) ?? 'null'
  const pairs = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key], depth + 1)}`)
  return `{${pairs.join(',')}}`
}
