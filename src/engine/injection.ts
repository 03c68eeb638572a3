import { toAppError } from '../platform/index.ts'
import type { AimedHarm } from './aimed-harm.ts'
import type { FaultPlan, FaultWorld, Proof } from './fault.ts'
import type { JournalRecord } from './journal.ts'
import type { Scene } from './parts.ts'
import { type Ending, injectionFact, recoverInjection } from './recover.ts'
import { pause, within } from './within.ts'

/** undo data, journal and applying may take so long each, in ms */
const APPLY_MS = 45_000
const LOOK_EVERY_MS = 100
const LOOK_BACK_MS = 500

export interface InjectionOrder {
  fault: string
  plan: FaultPlan
  aimed: AimedHarm
}

/** Why the harm could not be done as planned; null = its effect was proved. */
export type Trouble = string | null

/** One fault on one target, from the undo record to the proved recovery. */
export interface Injection {
  /** Undo record, harm, proof of its effect. Never rejects; whatever it says, `recover` must follow. */
  begin(): Promise<Trouble>
  /** never rejects; nothing to recover where no record was written */
  recover(): Promise<Ending>
}

export function createInjection(scene: Scene, order: InjectionOrder): Injection {
  const { parts } = scene
  const { aimed } = order
  let record: JournalRecord | undefined
  let applying: Promise<unknown> | undefined
  return {
    begin: async () => {
      parts.inHand.add(aimed.injection)
      try {
        record = await planUndo(scene, order)
        return await harm(scene, order, {
          record,
          applying: (harming) => {
            applying = harming
          }
        })
      } catch (error) {
        return `${order.fault} on ${aimed.target.name}: ${toAppError(error).message}`
      }
    },
    recover: async () => {
      try {
        if (record === undefined) return { recovery: 'clean', evidence: 'nothing was applied' }
        const felt = await lookBack(scene, order)
        return await recoverInjection(parts, record, { emit: scene.emit, applying, felt })
      } finally {
        parts.inHand.delete(aimed.injection)
      }
    }
  }
}

async function planUndo(scene: Scene, { fault, plan, aimed }: InjectionOrder): Promise<JournalRecord> {
  const { injection: id, target } = aimed
  const undo = await limited(scene, 'reading the state before the fault', (world) => aimed.undo(world))
  return {
    id,
    run: scene.task.run,
    step: scene.step,
    fault,
    target,
    at: scene.parts.clock.now().toISOString(),
    undo,
    recoveryDeadlineMs: plan.recoveryDeadlineMs
  }
}

interface Beginning {
  record: JournalRecord
  /** told as soon as the harm is being done */
  applying: (harm: Promise<unknown>) => void
}

async function harm(scene: Scene, { plan, aimed }: InjectionOrder, { record, applying }: Beginning): Promise<Trouble> {
  const { name } = aimed.target
  await limited(scene, 'writing the undo record', () => scene.parts.journal.write(record))
  scene.emit(injectionFact(record, 'prepared', 'the undo record is in the journal'))
  await limited(scene, `applying ${record.fault} to ${name}`, (world) => {
    const harming = aimed.apply(world)
    applying(harming)
    return harming
  })
  scene.emit(injectionFact(record, 'applied', `${record.fault} applied to ${name}`))
  const proof = await untilEffect(scene, plan, aimed)
  scene.emit(injectionFact(record, proof.proved ? 'effect-proved' : 'no-effect-seen', proof.evidence))
  return proof.proved ? null : `${record.fault} had no effect on ${name}: ${proof.evidence}`
}

/** Evidence alone: the recovery waits for it only so long, also where the run was told to end. */
async function lookBack({ parts }: Scene, { aimed }: InjectionOrder): Promise<string | null> {
  const { clock, target } = parts
  const limit = { clock, ms: LOOK_BACK_MS, signal: new AbortController().signal, what: 'the look back' }
  try {
    return await within(limit, async (signal) => aimed.felt({ target, clock, signal }))
  } catch {
    return null
  }
}

async function untilEffect(scene: Scene, { effectDeadlineMs }: FaultPlan, aimed: AimedHarm): Promise<Proof> {
  const { clock } = scene.parts
  const deadline = clock.now().getTime() + effectDeadlineMs
  for (;;) {
    const proof = await limited(scene, 'the proof of the effect', (world) => aimed.proveEffect(world))
    if (proof.proved || clock.now().getTime() >= deadline) return proof
    await pause(clock, LOOK_EVERY_MS, scene.signal)
  }
}

function limited<T>(scene: Scene, what: string, work: (world: FaultWorld) => Promise<T>): Promise<T> {
  const { clock, target } = scene.parts
  return within({ clock, ms: APPLY_MS, signal: scene.signal, what }, (signal) => work({ target, clock, signal }))
}
