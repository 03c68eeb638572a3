import type { FactBody, InjectionStage, Recovery } from '../domain/index.ts'
import { backoff, toAppError } from '../platform/index.ts'
import type { Fault, FaultWorld, Proof } from './fault.ts'
import type { JournalRecord } from './journal.ts'
import { clip, type EngineParts } from './parts.ts'
import type { Emit } from './run-engine.ts'
import { pause, within } from './within.ts'

/** one try of a fault's recover or proof, in ms */
const TRY_MS = 15_000
/** for harm that is still being applied to come to its end, in ms */
const SETTLE_MS = 10_000
const BETWEEN_TRIES = { first: 100, factor: 1.5, cap: 1000, jitter: 0.2 }

/** What the end of one injection is: its harm is proved to be over (drifted: somebody else's change was left), or it may still be there. */
export interface Ending {
  recovery: Recovery
  evidence: string
}

/**
 * Undoes one injection from its journal record, again and again until the recovery is proved or the record's deadline
 * has passed. Never rejects, heeds no stop: recovery is what a stop asks for. The record goes only after the proof.
 */
export async function recoverInjection(
  parts: EngineParts,
  record: JournalRecord,
  { emit, applying, felt = null }: RecoverOptions
): Promise<Ending> {
  const stage = (name: InjectionStage, evidence: string) => emit(injectionFact(record, name, evidence))
  const settled = await settles(parts, applying)
  stage('recovering', `undoing ${record.fault} on ${record.target.name}${felt === null ? '' : `: ${felt}`}`)
  const fault = parts.faults.find(({ schema }) => schema.name === record.fault)
  const ending =
    fault === undefined
      ? leaked(`this agent does not know the fault ${record.fault}`)
      : settled
        ? await untilProved(parts, fault, record)
        : late(await untilProved(parts, fault, record))
  stage(LAST_STAGES[ending.recovery], ending.evidence)
  if (ending.recovery !== 'leaked') await forget(parts, record)
  else parts.log.error({ injection: record.id, fault: record.fault, evidence: ending.evidence }, 'an injection leaked')
  return ending
}

const LAST_STAGES = { clean: 'recovered', drifted: 'drifted', leaked: 'leaked' } as const

export interface RecoverOptions {
  emit: Emit
  /** the applying, if this process began it: harm must not land after its recovery */
  applying?: Promise<unknown> | undefined
  /** what was felt of the harm, for its evidence */
  felt?: string | null
}

export function injectionFact(
  record: JournalRecord,
  stage: (FactBody & { type: 'injection' })['stage'],
  evidence: string
): FactBody {
  const { step, id: injection, target } = record
  return { type: 'injection', step, injection, target: clip(target.name, 300), stage, evidence: clip(evidence) }
}

async function settles({ clock }: EngineParts, applying: Promise<unknown> | undefined): Promise<boolean> {
  if (applying === undefined) return true
  const over = new AbortController()
  const ended = applying.then(
    () => true,
    () => true
  )
  const settled = await Promise.race([ended, pause(clock, SETTLE_MS, over.signal).then(() => false)])
  over.abort()
  return settled
}

async function untilProved(parts: EngineParts, fault: Fault, record: JournalRecord): Promise<Ending> {
  const { clock, random } = parts
  const deadline = clock.now().getTime() + record.recoveryDeadlineMs
  const never = new AbortController().signal
  let undone = false
  let seen = 'nothing was seen yet'
  for (let attempt = 0; ; attempt++) {
    try {
      if (!undone) await tryOnce(parts, 'undoing', (world) => fault.recover(record.undo, world))
      undone = true
      const proof = await tryOnce(parts, 'the proof of the recovery', (world) =>
        fault.proveRecovery(record.undo, world)
      )
      seen = proof.evidence
      if (proof.proved) return endingOf(proof)
      // harm that is still there although it was undone may need another try
      undone = attempt % 10 !== 9
    } catch (error) {
      seen = toAppError(error).message
    }
    if (clock.now().getTime() >= deadline)
      return leaked(`not proved within ${Math.round(record.recoveryDeadlineMs / 1000)} s: ${seen}`)
    await pause(clock, backoff(attempt, { ...BETWEEN_TRIES, random }), never)
  }
}

function tryOnce<T>(parts: EngineParts, what: string, work: (world: FaultWorld) => Promise<T>): Promise<T> {
  const { clock, target } = parts
  const signal = new AbortController().signal
  return within({ clock, ms: TRY_MS, signal, what }, (inner) => work({ target, clock, signal: inner }))
}

/** A record that stays although its injection was recovered does no harm: it is undone once more, later. */
async function forget(parts: EngineParts, record: JournalRecord): Promise<void> {
  try {
    await parts.journal.remove(record.id)
  } catch (error) {
    parts.log.warn({ injection: record.id, err: error }, 'a journal record could not be removed')
  }
}

function endingOf({ evidence, drift }: Proof): Ending {
  return drift === undefined ? { recovery: 'clean', evidence } : { recovery: 'drifted', evidence: drift }
}

function leaked(evidence: string): Ending {
  return { recovery: 'leaked', evidence }
}

/** undone and proved, but the applying never came to an end: its record stays, to be looked at again */
function late({ evidence }: Ending): Ending {
  return leaked(`the fault was still being applied when it was undone: ${evidence}`)
}
