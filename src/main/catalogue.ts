import type { FaultCatalogue } from '../domain/index.ts'
import { faultSchemas } from '../faults/index.ts'
import { probeSchemas } from '../probes/index.ts'

/** What this release can do: the registers of faults and probes as data. */
export const catalogue: FaultCatalogue = { faults: faultSchemas, probes: probeSchemas }
