/** Fault and probe schemas as data: the engine's registers make it, manifest and portal only read it. */

export interface TunableSchema {
  name: string
  type: 'integer' | 'number' | 'boolean' | 'string' | 'percentage' | 'duration-seconds' | 'duration-ms' | 'list'
  /** as Litmus writes it: always a string */
  default: string
  unit?: string
  min?: number
  max?: number
  choices?: readonly string[]
  description: string
}

export interface FaultSchema {
  name: string
  title: string
  description: string
  tunables: readonly TunableSchema[]
  /** what it means on each kind of infrastructure; a kind that is absent is not supported */
  infrastructures: Partial<Record<'local' | 'kubernetes', string>>
  /** `effect`: seen to do harm and to end; `api-intent`: accepted by the API; `experimental`: neither */
  proof: 'effect' | 'api-intent' | 'experimental'
}

export interface ProbeSchema {
  /** Litmus' type name, for example `httpProbe` */
  type: string
  title: string
  description: string
  modes: readonly string[]
}

export interface FaultCatalogue {
  faults: readonly FaultSchema[]
  probes: readonly ProbeSchema[]
}
