const MOST_VALUES = 300
const DEEPEST = 6
const LONGEST_NAME = 200
const LONGEST_VALUE = 2000

/** Every single value of a document by its path, those near the top first; bounded, and total for whatever a sender makes up. */
export function valuesIn(document: unknown): Map<string, string> {
  const values = new Map<string, string>()
  let level: [readonly string[], unknown][] = [[[], document]]
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const below: typeof level = []
    for (const [path, node] of level) {
      if (values.size >= MOST_VALUES) return values
      if (typeof node === 'object' && node !== null)
        for (const [key, value] of Object.entries(node)) below.push([[...path, key], value])
      else keep(values, path.join('.'), node)
    }
    level = below
  }
  return values
}

/** Text of others on one line: what is no letter, sign or space becomes a space. A pair is not cut into halves. */
export function oneLine(text: string, most: number): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\p{Co}\u2028\u2029]+/gu, ' ')
    .slice(0, most)
    .toWellFormed()
}

function keep(values: Map<string, string>, name: string, value: unknown): void {
  if (value === null || value === undefined || name === '' || name.length > LONGEST_NAME) return
  values.set(name, oneLine(String(value), LONGEST_VALUE))
}
