import { useDeferredValue, useMemo } from 'react'
import type { Problem } from '../../../domain/index.ts'
import { type ParseResult, parseDefinition } from '../../../manifest/index.ts'
import { useCatalogue } from './queries.ts'

export interface CheckedText {
  /** null until faults and probes of the server are known */
  result: ParseResult | null
  problems: readonly Problem[]
  /** nothing that the server would refuse */
  ok: boolean
}

const NONE: readonly Problem[] = []

/** The server's own validation, as one types; the server decides again. */
export function useCheckedText(text: string, path: string | null): CheckedText {
  const { catalogue, ready } = useCatalogue()
  const settled = useDeferredValue(text)
  return useMemo(() => {
    if (!ready) return { result: null, problems: NONE, ok: false }
    const result = parseDefinition(settled, { catalogue, ...(path !== null && { path }) })
    return { result, problems: result.problems, ok: result.ok }
  }, [settled, catalogue, ready, path])
}
