import type { FaultSchema } from '../../domain/index.ts'
import { LOAD_NOT_NEEDED, LOAD_UNSUPPORTED } from '../load-fault.ts'
import { durationTunable, notNeeded, POD_TUNABLES, unsupported } from '../pod-tunables.ts'

export const diskFillSchema: FaultSchema = {
  name: 'disk-fill',
  title: 'Disk fill',
  description:
    'Fills the ephemeral storage of pods of a workload. Shows whether the service lives without room to write.',
  tunables: [
    durationTunable('60'),
    {
      name: 'FILL_PERCENTAGE',
      type: 'percentage',
      default: '80',
      unit: '%',
      min: 1,
      max: 100,
      description:
        "Share of the pod's ephemeral-storage limit that is in use in the end, what is there already included."
    },
    {
      name: 'EPHEMERAL_STORAGE_MEBIBYTES',
      type: 'integer',
      default: '0',
      unit: 'MiB',
      min: 0,
      max: 4_194_304,
      description: 'So much is written to a pod that has no ephemeral-storage limit; 0: such a pod is an error.'
    },
    ...POD_TUNABLES,
    ...unsupported(LOAD_UNSUPPORTED),
    ...notNeeded(['DATA_BLOCK_SIZE', ...LOAD_NOT_NEEDED])
  ],
  infrastructures: {
    local:
      "One file in the pod's own folder (its HOME). It never leaves less than 2 GiB or a tenth of the file system free, whatever is asked. The limit itself is not enforced: what fails for want of room is what the pod checks for itself. Asked, allowed and achieved are in the evidence."
  },
  proof: 'effect'
}
