import type { FaultCall, Recovery } from '../domain/index.ts'
import { AppError, toAppError } from '../platform/index.ts'
import { type ChosenTarget, chooseTargets } from './chosen-target.ts'
import { driftSince, type SeenState, seeState } from './drift.ts'
import type { FaultPlan } from './fault.ts'
import { createInjection, type Trouble } from './injection.ts'
import { clip, type Scene, tell } from './parts.ts'
import type { ProbeBook } from './probe-book.ts'
import { selectorText } from './target.ts'
import { pause, within } from './within.ts'

const CHOOSE_MS = 15_000
const WAIT_FOR_PODS_MS = 500

export interface HarmOrder {
  call: FaultCall
  plan: FaultPlan
  probes: ProbeBook
}

/** How the harm of a fault went. `trouble`: why it was not as planned. */
export interface Harm {
  recovery: Recovery
  trouble: Trouble
  /** how the state differs from before although the harm has ended; of a drifted recovery */
  drift?: string
}

/** The rounds of a fault, with its probes; ends early at a stop, a failed probe that asks for it, or trouble. */
export async function doHarm(scene: Scene, order: HarmOrder): Promise<Harm> {
  const { call, plan, probes } = order
  const ending = AbortSignal.any([scene.signal, probes.wantsEnd])
  const { clock } = scene.parts
  if ((await pause(clock, plan.rampMs, ending)) === 'stopped') return { recovery: 'clean', trouble: null }
  const throughout = probes.watch('Continuous')
  const whileHarmed = probes.watch('OnChaos')
  const before = await seeState(scene, call.target)
  const rounds = new Rounds(scene, { ...order, ending, beforeLastRecovery: () => whileHarmed.end() })
  const harm = await drifted(scene, order, { before, harm: await rounds.run() })
  await whileHarmed.end()
  await throughout.end()
  await pause(clock, plan.rampMs, ending)
  return harm
}

/** A harm that has ended, and has left something: said, and not called clean. */
async function drifted(
  scene: Scene,
  { call, plan }: HarmOrder,
  { before, harm }: { before: SeenState | null; harm: Harm }
): Promise<Harm> {
  if (harm.recovery !== 'clean') return harm
  const drift = await driftSince(scene, before, { selector: call.target, replaces: plan.replaces })
  if (drift === null) return harm
  tell(scene, 'warn', `the harm has ended, the state differs from before: ${drift}`)
  return { ...harm, recovery: 'drifted', drift }
}

interface RoundsOrder extends HarmOrder {
  /** aborts when the harm is to end */
  ending: AbortSignal
  beforeLastRecovery: () => Promise<void>
}

class Rounds {
  readonly #scene: Scene
  readonly #order: RoundsOrder
  readonly #endsAt: number
  #round = 0

  constructor(scene: Scene, order: RoundsOrder) {
    this.#scene = scene
    this.#order = order
    this.#endsAt = scene.parts.clock.now().getTime() + order.plan.durationMs
  }

  async run(): Promise<Harm> {
    const { plan, ending } = this.#order
    let drift: string | undefined
    do {
      this.#round++
      const targets = await this.#choose().catch((error: unknown) => toAppError(error).message)
      if (typeof targets === 'string') return ended(ending.aborted ? null : targets, drift)
      for (const batch of plan.sequence === 'parallel' ? [targets] : targets.map((target) => [target])) {
        const harm = await this.#hit(batch, plan.roundMs === null && batch.at(-1) === targets.at(-1))
        if (harm.trouble !== null || harm.recovery === 'leaked') return harm
        drift ??= harm.drift
        if (this.#over()) break
      }
    } while (plan.roundMs !== null && !this.#over())
    return ended(null, drift)
  }

  /** chosen again in each round, since the targets are others then; in later rounds it waits for a ready one */
  async #choose(): Promise<ChosenTarget[]> {
    const { call, plan, ending } = this.#order
    const { target, clock, random } = this.#scene.parts
    const limit = { clock, ms: CHOOSE_MS, signal: ending, what: 'looking for the targets' }
    for (;;) {
      const found = await within(limit, (signal) =>
        chooseTargets(plan, { selector: call.target, world: { target, clock, signal }, random })
      )
      if (found.length > 0) return this.#admitted(found)
      if (this.#round === 1) throw noPod(call, plan)
      if (this.#left() <= 0) return []
      await pause(clock, WAIT_FOR_PODS_MS, ending)
    }
  }

  #admitted(chosen: ChosenTarget[]): ChosenTarget[] {
    const { maxTargets, maxDurationSeconds } = this.#scene.task.guardrails
    const hit = chosen.reduce((sum, { hits }) => sum + hits, 0)
    if (hit > maxTargets) throw tooMany(hit, maxTargets)
    const { plan } = this.#order
    const inTurn = plan.sequence === 'serial' && plan.roundMs === null ? chosen.length : 1
    const seconds = (plan.durationMs * inTurn) / 1000
    if (seconds > maxDurationSeconds) throw tooLong(chosen.length, seconds, maxDurationSeconds)
    const targets = chosen.map(({ name, uid, node }) => ({
      name: clip(name, 300),
      uid: clip(uid, 100),
      ...(node !== undefined && { node: clip(node, 300) })
    }))
    this.#scene.emit({ type: 'targets', step: this.#scene.step, round: this.#round, targets })
    return chosen
  }

  async #hit(targets: readonly ChosenTarget[], last: boolean): Promise<Harm> {
    const { call, plan, ending } = this.#order
    const { newId } = this.#scene.parts
    // a probe that asks for the end ends also what is only beginning
    const scene = { ...this.#scene, signal: ending }
    const injections = targets.map((target) =>
      createInjection(scene, { fault: call.fault, plan, aimed: target.aim(newId()) })
    )
    const troubles = await Promise.all(injections.map((injection) => injection.begin()))
    const trouble = troubles.find((text) => text !== null) ?? null
    if (trouble === null) await pause(this.#scene.parts.clock, this.#holdMs(), ending)
    else if (!ending.aborted) tell(this.#scene, 'error', trouble)
    if (trouble !== null || last || this.#over()) await this.#beforeLast()
    const endings = await Promise.all(injections.map((injection) => injection.recover()))
    const leaked = endings.find(({ recovery }) => recovery === 'leaked')
    if (leaked !== undefined) return { recovery: 'leaked', trouble: `the recovery was not proved: ${leaked.evidence}` }
    const drift = endings.flatMap(({ recovery, evidence }) => (recovery === 'drifted' ? [evidence] : []))
    return ended(ending.aborted ? null : trouble, drift.length === 0 ? undefined : drift.join('; '))
  }

  async #beforeLast(): Promise<void> {
    this.#scene.emit({ type: 'step-phase', step: this.#scene.step, phase: 'recovering', reason: null })
    await this.#order.beforeLastRecovery()
  }

  #holdMs(): number {
    const { roundMs, durationMs } = this.#order.plan
    return roundMs === null ? durationMs : Math.min(roundMs, this.#left())
  }

  #left(): number {
    return this.#endsAt - this.#scene.parts.clock.now().getTime()
  }

  /** no harm may be done any more; without rounds each pod is held for the whole duration, whenever its turn comes */
  #over(): boolean {
    const { ending, plan } = this.#order
    return ending.aborted || (plan.roundMs !== null && this.#left() <= 0)
  }
}

/** Harm that is over: as before, or with what somebody else has changed. */
function ended(trouble: Trouble, drift: string | undefined): Harm {
  return drift === undefined ? { recovery: 'clean', trouble } : { recovery: 'drifted', trouble, drift }
}

function noPod(call: FaultCall, plan: FaultPlan): AppError {
  const names = 'pods' in plan ? plan.pods.names : []
  const named = names.length > 0 ? ` named ${names.join(', ')}` : ''
  const message = `no pod${named} of ${selectorText(call.target)} is ready`
  return new AppError({ code: 'engine/no-pod', kind: 'stalled', message })
}

function tooLong(count: number, seconds: number, allowed: number): AppError {
  const message = `${count} targets one after another take ${seconds} s, the guardrail allows ${allowed} s`
  return new AppError({ code: 'engine/too-long', kind: 'denied', message })
}

function tooMany(count: number, allowed: number): AppError {
  const message = `${count} pods would be hit, the guardrail allows ${allowed}`
  return new AppError({ code: 'engine/too-many-targets', kind: 'denied', message })
}
