/** What people may say to mean an infrastructure. */
export interface NamedPlace {
  id: string
  name: string
  /** names that it had before */
  aliases: readonly string[]
}

/** The place that is meant by an id, a name or, where nothing has that name now, an old name. */
export function placeNamed<T extends NamedPlace>(places: readonly T[], asked: string): T | undefined {
  return (
    places.find(({ id, name }) => id === asked || name === asked) ??
    places.find(({ aliases }) => aliases.includes(asked))
  )
}
