import { isTree } from '../../domain/index.ts'
import { fillDeep, fillWritten } from '../placeholders.ts'
import { readEmbedded, type Source } from '../source.ts'

/**
 * Whether a manifest says the same when its placeholders are filled in as text before it is parsed. Argo Workflows does
 * that; a value with a line break or a quote could say something else than what was judged.
 */
export function sameInText(
  text: string,
  { source, outer, fillText }: { source: Source; outer: Source; fillText: (text: string) => string }
): boolean {
  const written = readEmbedded(fillWritten(text, fillText), outer.tokens.expressions)
  return written.ok && same(fillDeep(written.source.data, fillText), fillDeep(source.data, fillText))
}

/** YAML gives `5` and `true` types that a filled in text does not have. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]))
  if (isTree(a) && isTree(b)) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  }
  return isText(a) && isText(b) && String(a ?? '') === String(b ?? '')
}

function isText(value: unknown): boolean {
  return value === null || typeof value !== 'object'
}
