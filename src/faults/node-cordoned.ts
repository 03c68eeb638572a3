import type { FaultWorld, ObjectAim, UndoData } from '../engine/index.ts'
import { AppError } from '../platform/index.ts'
import { fieldNow, undoOf } from './field-swap.ts'

const FIELD = { of: 'unschedulable' } as const

/** ms for a change of a node to be seen, there and back */
export const CORDONED = { effectDeadlineMs: 10_000, recoveryDeadlineMs: 60_000 }

/** How to uncordon it. Errors: `faults/cordoned`, where somebody else has cordoned it: that is not ours to undo. */
export async function cordonOf({ injection, object }: ObjectAim, world: FaultWorld): Promise<UndoData> {
  const from = await fieldNow(object, FIELD, world)
  if (from !== null) {
    const message = `node ${object.name} is cordoned already, by somebody else`
    throw new AppError({ code: 'faults/cordoned', kind: 'clash', message })
  }
  return undoOf({ object, field: FIELD, from, to: 'true', injection })
}
