import type { Fault } from '../../engine/index.ts'
import { loadFault } from '../load-fault.ts'
import { diskFillSchema } from './schema.ts'

const MEBIBYTE = 1024 * 1024

/** Fills the storage of pods. */
export const diskFill: Fault = loadFault({
  schema: diskFillSchema,
  load: (tunables) => {
    const mebibytes = tunables.number('EPHEMERAL_STORAGE_MEBIBYTES')
    return {
      kind: 'disk',
      percentage: tunables.number('FILL_PERCENTAGE'),
      bytes: mebibytes === 0 ? null : mebibytes * MEBIBYTE
    }
  },
  // a slow disk takes its time
  effectMs: 120_000,
  enough: 0.99,
  text: (bytes) => `${(bytes / MEBIBYTE).toFixed(1)} MiB`
})
