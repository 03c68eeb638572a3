import type { NodeReader } from '../node-reader.ts'

/** A mistyped key would be without effect, and nobody would know. */
export function onlyKeys(at: NodeReader, known: readonly string[]): void {
  for (const key of at.keys())
    if (!known.includes(key))
      at.at(key).problem('manifest/policy', `There is no ${key} here; there are: ${known.join(', ')}.`)
}

/** A list of some of these words. */
export function words<T extends string>(list: NodeReader, known: readonly T[]): T[] {
  return list.items().flatMap((item) => word(item, known) ?? [])
}

export function word<T extends string>(at: NodeReader, known: readonly T[]): T | undefined {
  const text = at.text()
  const found = known.find((one) => one === text)
  if (found === undefined && text !== undefined)
    at.problem('manifest/policy', `"${text}" is none of ${known.join(', ')}.`)
  return found
}
