import type { EventPolicy } from '../../domain/index.ts'
import { parseDefinition } from '../definition.ts'

/** The event policy that a text is; null = it is none. Policies name no faults: there is no need of a catalogue. */
export function policyOf(text: string): EventPolicy | null {
  const parsed = parseDefinition(text, { catalogue: { faults: [], probes: [] } })
  return parsed.ok ? parsed.manifest.policy : null
}
