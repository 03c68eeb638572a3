/**
 * Argo's `{{…}}` placeholders. They are replaced by plain words before YAML is parsed, because hub files have them
 * unquoted (`appns: {{workflow.parameters.ns}}`), which YAML would read as a map; and they are filled in after parsing,
 * so a value never passes through YAML and can change nothing but the text it stands in.
 */
export interface Tokenised {
  /** as long as the original, line by line, so that positions still fit */
  text: string
  expressions: readonly string[]
}

const PLACEHOLDER = /\{\{([^{}\n]{1,250})\}\}/g
const TOKEN = /\uE000(\d+)\uE001+/g

/** A token has the length of its placeholder: columns stay true. Private-use characters cannot come from a file: they are refused there. */
export function tokenise(text: string): Tokenised {
  const expressions: string[] = []
  const replaced = text.replace(PLACEHOLDER, (whole, expression: string) => {
    const token = `\uE000${expressions.length}\uE001`
    expressions.push(expression.trim())
    return token.padEnd(whole.length, '\uE001')
  })
  return { text: replaced, expressions }
}

/** Whether the text has characters that tokens are made of. */
export function hasTokenCharacters(text: string): boolean {
  return /[\uE000\uE001]/.test(text)
}

/** Every token of the text replaced by what `value` says of its expression; undefined leaves the placeholder as it was. */
export function fill(
  text: string,
  expressions: readonly string[],
  value: (expression: string) => string | undefined
): string {
  return text.replace(TOKEN, (_token, index: string) => {
    const expression = expressions[Number(index)] ?? ''
    return value(expression) ?? `{{${expression}}}`
  })
}

/** Each token replaced by what `fillText` makes of it; one whose value is not known stays a token. */
export function fillWritten(text: string, fillText: (text: string) => string): string {
  return text.replace(TOKEN, (token) => {
    const value = fillText(token)
    return value.startsWith('{{') ? token : value
  })
}

/** `fill` for every text in a parsed document. */
export function fillDeep(node: unknown, fillText: (text: string) => string): unknown {
  if (typeof node === 'string') return fillText(node)
  if (Array.isArray(node)) return node.map((item) => fillDeep(item, fillText))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [fillText(key), fillDeep(value, fillText)]))
}
