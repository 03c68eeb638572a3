/** Whether a text fits a pattern of `*` (any characters, none too) and `?` (one). At worst the product of both lengths, never more. */
export function fits(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

/** No pattern at all is no restriction. */
export function fitsOne(patterns: readonly string[], text: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => fits(pattern, text))
}
