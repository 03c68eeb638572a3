/** Where a cursor stands in a YAML text, read from the lines above it alone: the text need not be valid while one types. */
export interface YamlPlace {
  /** keys from the outside in, without the line's own */
  keys: readonly string[]
  /** of the line: `name` in `- name: pod-d`; null: it is being typed */
  key: string | null
  /** what is typed of the word */
  word: string
  /** a quotation mark stands before the word */
  quoted: boolean
  /** the value of a key beside `key`, or beside the enclosing key that is `up` levels further out */
  beside(key: string, up?: number): string | null
}

interface Line {
  /** where the key begins */
  column: number
  key: string
  value: string
  /** begins an item of a list */
  item: boolean
}

const KEY = /^(\s*(?:- +)*)(?:"([^"]+)"|([\w./-]+)):(?: +(.*))?$/
const TYPED = /^(\s*(?:- +)*)(?:([\w./-]+): +)?(["']?)([\w./-]*)$/

/** null: nothing can be completed there. */
export function yamlPlace(before: string): YamlPlace | null {
  const lines = before.split('\n')
  const typed = TYPED.exec(lines.pop() ?? '')
  if (typed === null) return null
  const [, lead = '', key = null, quote = '', word = ''] = typed
  const above = lines.map(lineOf)
  const own = { at: above.length, column: lead.length, item: lead.includes('-') }
  const chain = ancestors(above, own.column)
  return {
    keys: chain.map(({ line }) => line.key).toReversed(),
    key,
    word,
    quoted: quote !== '',
    beside: (name, up = 0) => {
      if (up === 0) return own.item ? null : besideOf(above, name, own.at - 1, own.column)
      const outer = chain[up - 1]
      return outer === undefined ? null : besideOf(above, name, outer.at, outer.line.column)
    }
  }
}

function lineOf(text: string): Line | null {
  const match = /^\s*#/.test(text) ? null : KEY.exec(text)
  if (match === null) return null
  const [, lead = '', quotedKey, plainKey = '', value = ''] = match
  const bare = value.replace(/^(["'])(.*)\1$/, '$2')
  return { column: lead.length, key: quotedKey ?? plainKey, value: bare, item: lead.includes('-') }
}

/** Innermost first. */
function ancestors(above: readonly (Line | null)[], column: number): { at: number; line: Line }[] {
  const found: { at: number; line: Line }[] = []
  let limit = column
  for (let at = above.length - 1; at >= 0 && limit > 0; at--) {
    const line = above[at]
    if (!line || line.column >= limit) continue
    found.push({ at, line })
    limit = line.column
  }
  return found
}

function besideOf(above: readonly (Line | null)[], key: string, from: number, column: number): string | null {
  for (let at = from; at >= 0; at--) {
    const line = above[at]
    if (!line || line.column > column) continue
    if (line.column < column) return null
    if (line.key === key) return line.value
    if (line.item) return null
  }
  return null
}
