import { isNode } from 'yaml'
import { readSource } from './source.ts'

/** Words that YAML, of one version or another, takes for something else than a text. */
const NO_TEXT = /^(\d.*|null|true|false|yes|no|on|off|y|n)$/

/**
 * The text with another `metadata.name`; all else, comments and layout too, is as it was. A text that is named by its
 * file alone (`generateName`) stays as it is.
 */
export function renamedText(text: string, name: string): string {
  const parsed = readSource(text)
  const node = parsed.ok ? parsed.source.document.getIn(['metadata', 'name'], true) : undefined
  if (!isNode(node) || !node.range) return text
  const [start, end] = node.range
  const before = text.slice(start, end)
  const [quote] = /^["']/.exec(before) ?? [NO_TEXT.test(name) ? '"' : '']
  const ending = before.endsWith('\n') ? '\n' : ''
  return `${text.slice(0, start)}${quote}${name}${quote}${ending}${text.slice(end)}`
}
