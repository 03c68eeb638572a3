import { RE2JS } from 're2js'
import type { Comparator, FindPattern } from '../domain/index.ts'

/** In a time that grows with the text alone, whatever the pattern; RE2's syntax, which is that of Litmus. */
export const findPattern: FindPattern = (pattern, text) => RE2JS.compile(pattern).matcher(text).find()

/** Why the pattern of a comparator cannot be used; null = it can, or there is none. */
export function patternProblem({ criteria, expected }: Comparator): string | null {
  if (criteria !== 'matches' && criteria !== 'notMatches') return null
  try {
    RE2JS.compile(expected[0] ?? '')
    return null
  } catch (error) {
    return `"${expected[0]}" is no pattern: ${(error as Error).message}`
  }
}
